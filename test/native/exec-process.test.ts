// SPDX-License-Identifier: Apache-2.0

// exec: what the process is, by flags and by a document; what it holds, and what can be seen of it on its way.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Process } from "../../lib/config/types.ts";
import { type Change, combine, shell } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { type CallOptions, type Result, Runtime } from "./runtime.ts";
import { newPath } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

/** A running container; its id. */
function running(...changes: readonly Change[]): string {
  const id = runtime.create(combine(shell("exec sleep 1000"), ...changes));
  runtime.ok("start", id);
  return id;
}

const end = (id: string) => runtime.ok("delete", "--force", id);

/** What a line of shell prints in a container of its own, executed with these flags. */
function inside(script: string, flags: readonly string[] = [], ...changes: readonly Change[]): string {
  const id = running(...changes);
  const { status, out, err } = runtime.call(["exec", ...flags, id, "sh", "-c", script]);
  end(id);
  assert.equal({ status, err }, { status: 0, err: "" }, out);
  return out.trimEnd();
}

/** Executes a process that is given whole. */
function document(
  id: string,
  process: object,
  flags: readonly string[] = [],
  options: CallOptions = {},
): Result {
  const file = newPath("process.json");
  writeFileSync(file, JSON.stringify(process));
  return runtime.call(["exec", "--process", file, ...flags, id], options);
}

const line = (name: string) => `grep ^${name}: /proc/self/status | tr -s '\\t ' ' '`;

test("it has the container's environment, user, folder and privileges where flags say nothing", () => {
  const script = `echo $LEFT $HOME; id -u; id -g; pwd; umask; ${line("CapEff")}; ${line("NoNewPrivs")}; ulimit -n`;
  const seen = inside(script, [], ({ process }) => {
    process.env.push("LEFT=over");
    process.user = { uid: 5, gid: 6, umask: 0o77 };
    process.cwd = "/dev";
    process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 77, hard: 99 }];
  });
  assert.equal(seen.split("\n"), [
    "over /",
    "5",
    "6",
    "/dev",
    "0077",
    "CapEff: 0000000000000000",
    "NoNewPrivs: 1",
    "77",
  ]);
});

test("flags set user, groups, folder, environment and privileges", () => {
  const flags =
    "--user 1000:1001 -g 7 --additional-gids 8 --cwd /bin -e A=1 --env B=2=3 -e PATH=/x:/bin -e A=4";
  const script = `id -u; id -g; id -G; pwd; echo $A $B $PATH; env | grep -c ^A=; ${line("NoNewPrivs")}`;
  const seen = inside(script, [...flags.split(" "), "--no-new-privs=false"], ({ process }) => {
    process.env.push("A=0");
  });
  assert.equal(seen.split("\n"), ["1000", "1001", "1001 7 8", "/bin", "4 2=3 /x:/bin", "1", "NoNewPrivs: 0"]);
});

test("--user takes whole numbers and nothing else (CVE-2026-30892)", () => {
  const id = running();
  const who = (user: string) =>
    runtime.call(["exec", "--user", user, id, "sh", "-c", "echo $(id -u):$(id -g)"]);
  for (const [user, seen] of [
    ["0", "0:0"],
    ["1", "1:0"],
    ["1:2", "1:2"],
    ["4294967294", "4294967294:0"],
  ] as const)
    assert.is(who(user).out, `${seen}\n`);
  const wrong = [
    "4294967295",
    "4294967296",
    "-1",
    "1x",
    "",
    ":",
    "1:",
    ":1",
    " 1",
    "0x1",
    "01",
    "1:2:3",
    "root",
    "1.0",
  ];
  for (const user of wrong) {
    const { status, out } = who(user);
    assert.equal({ status, out }, { status: 1, out: "" }, user);
  }
  end(id);
});

test("--cap adds to what the process may do, and nothing that others inherit (CVE-2022-29162)", () => {
  const script = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map(line).join("; ");
  const added = inside(script, ["--cap", "CAP_NET_RAW", "-c", "sys_chroot"]);
  const bits = (1n << 29n) | (1n << 5n) | (1n << 10n) | (1n << 13n) | (1n << 18n);
  const hex = bits.toString(16).padStart(16, "0");
  const none = "0".repeat(16);
  assert.equal(
    added.split("\n").map((text) => text.split(" ")[1]),
    [none, hex, hex, hex, none],
  );
  const id = running();
  assert.match(
    runtime.call(["exec", "--cap", "CAP_NOTHING", id, "true"]).err,
    /no such capability: CAP_NOTHING/,
  );
  end(id);
});

test("flags behind the container's name are the program's", () => {
  const id = running();
  assert.is(runtime.ok("exec", "-e", "A=1", id, "echo", "-e", "--user", "x", "--", "-d"), "--user x -- -d\n");
  assert.match(runtime.call(["exec", id]).err, /exec needs a program/);
  end(id);
});

const whole: Process = {
  cwd: "/",
  args: ["sh", "-c", "id -u; echo $A; umask"],
  env: ["PATH=/bin", "A=b"],
  user: { uid: 9, gid: 9, umask: 0o27 },
};

test("a process given whole has its own user and environment, and the container's confinement", () => {
  const id = running(({ process }) => {
    process.env.push("LEFT=over");
    process.user = { uid: 3, gid: 3 };
    process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 77, hard: 99 }];
    process.oomScoreAdj = 555;
  });
  assert.equal(document(id, { ...whole, unknown: { to: "us" } }), {
    status: 0,
    signal: null,
    out: "9\nb\n0027\n",
    err: "",
  });
  const script = `env | grep -c LEFT; ${line("CapBnd")}; ${line("NoNewPrivs")}; ulimit -n; cat /proc/self/oom_score_adj`;
  const { out } = document(id, { ...whole, args: ["sh", "-c", script] });
  assert.is(out, "0\nCapBnd: 0000000020000420\nNoNewPrivs: 0\n77\n555\n");
  end(id);
});

test("it may have its own limits, capabilities, scheduling and score", () => {
  const id = running();
  const script = `${line("CapEff")}; ulimit -n; cat /proc/self/oom_score_adj; cut -d ' ' -f 19,41 /proc/self/stat; ionice`;
  const { out, err } = document(id, {
    ...whole,
    args: ["sh", "-c", script],
    user: { uid: 0, gid: 0 },
    capabilities: { bounding: ["CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"] },
    rlimits: [{ type: "RLIMIT_NOFILE", soft: 50, hard: 60 }],
    oomScoreAdj: 321,
    scheduler: { policy: "SCHED_BATCH", nice: 7 },
    ioPriority: { class: "IOPRIO_CLASS_BE", priority: 6 },
    noNewPrivileges: true,
  });
  assert.is(err, "");
  assert.equal(out.split("\n").slice(0, 4), ["CapEff: 0000000000000020", "50", "321", "7 3"]);
  assert.match(out, /best-effort: prio 6/);
  end(id);
});

test("all faults of a process come at once, with their places in its own document", () => {
  const id = running();
  const file = newPath("process.json");
  writeFileSync(
    file,
    '{\n  "cwd": "x",\n  "args": ["true"],\n  "env": ["NAME"],\n  "user": { "uid": -1, "gid": 0 }\n}\n',
  );
  const { status, err } = runtime.call(["exec", "--process", file, id]);
  assert.is(status, 255);
  for (const place of [
    /process\.json:2:10: \/process\/cwd/,
    /:4:11: \/process\/env\/0/,
    /:5:20: \/process\/user\/uid/,
  ])
    assert.match(err, place);
  for (const [text, said] of [
    ["{", /:1:2: /],
    ['{"cwd": "/", "cwd": "/", "args": ["true"]}', /\/process\/cwd.*each name once/],
    ['{"cwd": "/", "args": []}', /\/process\/args/],
    ['{"cwd": "/", "args": ["a\\u0000b"]}', /\/process\/args\/0/],
  ] as const) {
    writeFileSync(file, text);
    assert.match(runtime.call(["exec", "--process", file, id]).err, said);
  }
  assert.match(runtime.call(["exec", "--process", "/missing", id]).err, /ENOENT/);
  end(id);
});

/** Hands the runtime descriptors 3 to 9, as a careless engine would. */
const leaking = ["sh", "-c", 'exec 3</ 4</etc/passwd 5</ 6</ 7</ 8</ 9</; exec "$@"', "sh"];

test("only 0, 1 and 2 are open in it, and what --preserve-fds says", () => {
  const id = running();
  const exec = (...args: readonly string[]) => runtime.call(["exec", ...args], { through: leaking });
  assert.match(exec(id, "sh", "-c", "cd /proc/$$/fd; echo *").out, /^0 1 2( 3)?\n$/);
  const kept = exec(
    "--preserve-fds",
    "2",
    id,
    "sh",
    "-c",
    "head -c 4 <&4; echo; test -e /proc/self/fd/5 && echo five",
  );
  assert.is(kept.out, "root\n");
  assert.match(exec("--preserve-fds", "8", id, "true").err, /descriptor 10, to be handed on, is not open/);
  end(id);
});

test("a working directory on a leaked descriptor of the host is no way out (CVE-2024-21626)", () => {
  const id = running();
  for (let fd = 3; fd < 12; fd++) {
    const { status, out } = runtime.call(["exec", "--cwd", `/proc/self/fd/${fd}`, id, "ls"], {
      through: leaking,
    });
    assert.equal({ status, out }, { status: 255, out: "" }, `descriptor ${fd}`);
    const program = runtime.call(["exec", id, `/proc/self/fd/${fd}/bin/ls`], { through: leaking });
    assert.is(program.status, 255);
  }
  end(id);
});

test("a container that may trace everything gets hold of nothing of the host (CVE-2016-9962)", () => {
  const seen = newPath("seen");
  writeFileSync(seen, "");
  const capabilities = [
    "CAP_SYS_PTRACE",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_SYS_ADMIN",
  ] as const;
  const watch =
    "while :; do ls -l /proc/[2-9]*/cwd /proc/[2-9]*/root /proc/[2-9]*/exe /proc/[2-9]*/fd/; done 2>/dev/null >> /seen";
  const id = runtime.create(({ process, mounts }) => {
    process.args = ["sh", "-c", watch];
    process.capabilities = {
      bounding: [...capabilities],
      effective: [...capabilities],
      permitted: [...capabilities],
    };
    mounts.push({ destination: "/seen", source: seen, options: ["bind"] });
  });
  runtime.ok("start", id);
  for (let i = 0; i < 200; i++) runtime.ok("exec", id, "true");
  end(id);
  const links = [...new Set(readFileSync(seen, "utf8").match(/(?<= -> ).*$/gm) ?? [])];
  // its own program and files, what the test gives it as 0, 1 and 2, and the ends of pipes and sockets
  const known =
    /^$|^\/(bin\/busybox|seen|dev\/null|proc(\/.*)?)?$|-(in|out|err)$|^(pipe|socket):|^\/memfd:runts-/;
  assert.equal(
    links.filter((link) => !known.test(link)),
    [],
  );
  assert.ok(links.includes("/memfd:runts-init (deleted)"), "never seen on its way");
});

const filter = {
  defaultAction: "SCMP_ACT_ALLOW",
  syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_ERRNO", errnoRet: 28 }],
} as const;

test("the container's filter holds for it, with and without no_new_privs, and from the file that create kept", () => {
  for (const noNewPrivileges of [true, false]) {
    const change: Change = ({ linux, process }) => {
      Object.assign(linux, { seccomp: filter });
      process.noNewPrivileges = noNewPrivileges;
    };
    const seen = inside(`mkdir /dev/shm/x 2>&1; ${line("Seccomp")}`, [], change);
    assert.match(seen, /No space left on device\nSeccomp: 2$/);
  }
  const id = running(({ linux }) => void Object.assign(linux, { seccomp: filter }));
  for (const name of readdirSync(runtime.root).filter((one) => one.startsWith(".seccomp-")))
    writeFileSync(`${runtime.root}/${name}`, "damaged");
  assert.match(runtime.ok("exec", id, "grep", "^Seccomp:", "/proc/self/status"), /2/);
  end(id);
});

test("a signal that the runtime gets is the process's", async () => {
  const id = running();
  const script = "trap 'echo got; exit 5' TERM; echo ready; while :; do sleep 0.05; done";
  const { child, ended, out } = runtime.launch(["exec", id, "sh", "-c", script]);
  assert.ok(waitFor(() => out().includes("ready")));
  child.kill("SIGTERM");
  assert.equal(await ended, { status: 5, signal: null, out: "ready\ngot\n", err: "" });
  end(id);
});

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

test("with --tty it has a terminal of the container's, and the caller's is carried", () => {
  const id = running();
  const script =
    "tty; test -t 0 && test -t 1 && test -t 2 && echo all; read l; echo got $l; echo to > /dev/tty; exit 6";
  const words = [...runtime.host.command, "--root", runtime.root, "exec", "-t", id, "sh", "-c", script];
  const { status, stdout } = spawnSync(
    "script",
    ["-qec", words.map(quote).join(" "), newPath("typescript")],
    {
      input: "typed\n",
      encoding: "utf8",
      timeout: 20_000,
    },
  );
  // what is typed may be echoed anywhere
  for (const text of [/\/dev\/pts\/0\n/, /all\n/, /got typed\nto\n/])
    assert.match(stdout.replaceAll("\r", ""), text);
  assert.is(status, 6);
  end(id);
});

/** What the test's own agent says of the descriptor that came. */
async function delivered(
  flag: string,
  send: (socket: string) => void,
): Promise<{ name: string; fds: number }> {
  const socket = newPath("socket");
  const { spawn } = await import("node:child_process");
  const agent = spawn("build/conformance/warden", ["console", socket], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let text = "";
  agent.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const closed = new Promise((done) => agent.on("close", done));
  assert.ok(
    waitFor(() => existsSync(socket)),
    flag,
  );
  send(socket);
  // what came is told at once; then the agent reads the terminal, or fails to read what is none
  await Promise.race([closed, new Promise((done) => setTimeout(done, 500))]);
  agent.kill();
  await closed;
  return JSON.parse(text.split("\n").find((one) => one.startsWith("{")) ?? "{}");
}

test("detached, its terminal goes to the console socket", async () => {
  const id = running();
  const pidFile = newPath("pid");
  const flags = (socket: string) => ["--detach", "--console-socket", socket, "--pid-file", pidFile];
  const found = await delivered("--console-socket", (socket) => {
    const { status, err } = document(
      id,
      { ...whole, args: ["sleep", "1000"], terminal: true },
      flags(socket),
    );
    assert.equal({ status, err }, { status: 0, err: "" });
    assert.match(readlinkSync(`/proc/${readFileSync(pidFile, "utf8")}/fd/0`), /^\/dev\/pts\/\d/);
  });
  assert.equal(found, { name: "/dev/ptmx", fds: 1 });
  const { err } = document(id, { ...whole, terminal: true }, ["--detach"]);
  assert.match(err, /needs --console-socket/);
  assert.match(document(id, whole, ["--console-socket", "/x"]).err, /is for a process with a terminal/);
  end(id);
});

test("--pidfd-socket gets a descriptor of the process, of create's as of exec's", async () => {
  const id = running();
  const found = await delivered(
    "exec",
    (socket) => void runtime.ok("exec", "--pidfd-socket", socket, id, "true"),
  );
  assert.equal(found, { name: "setns", fds: 1 });
  end(id);
  const created = await delivered("create", (socket) =>
    end(runtime.create(undefined, "--pidfd-socket", socket)),
  );
  assert.equal(created, { name: "standard", fds: 1 });
  const { status, err } = runtime.call(["exec", "--pidfd-socket", "/no/socket", running(), "true"]);
  assert.is(status, 255);
  assert.match(err, /passPidfd/);
});

test("nothing is left behind", () => {
  for (const { id } of JSON.parse(runtime.ok("list", "--format", "json")) ?? []) end(id);
  expectNoLeaks(before);
});

test.run();
