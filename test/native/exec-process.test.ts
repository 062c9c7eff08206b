// SPDX-License-Identifier: Apache-2.0

// exec: what the process is, by flags and by a document of its own.

import { writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Process } from "../../lib/config/types.ts";
import { executeDocument, executed, running, statusLine } from "./joining.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newPath } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();

const end = (id: string) => runtime.ok("delete", "--force", id);

test("it has the container's environment, user, folder and privileges where flags say nothing", () => {
  const script = `echo $LEFT $HOME; id -u; id -g; pwd; umask; ${statusLine("CapEff")}; ${statusLine("NoNewPrivs")}; ulimit -n`;
  const seen = executed(runtime, script, [], ({ process }) => {
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
  const script = `id -u; id -g; id -G; pwd; echo $A $B $PATH; env | grep -c ^A=; ${statusLine("NoNewPrivs")}`;
  const seen = executed(runtime, script, [...flags.split(" "), "--no-new-privs=false"], ({ process }) => {
    process.env.push("A=0");
  });
  assert.equal(seen.split("\n"), ["1000", "1001", "1001 7 8", "/bin", "4 2=3 /x:/bin", "1", "NoNewPrivs: 0"]);
});

test("--user takes whole numbers and nothing else (CVE-2026-30892)", () => {
  const id = running(runtime);
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
  const script = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map(statusLine).join("; ");
  const added = executed(runtime, script, ["--cap", "CAP_NET_RAW", "-c", "sys_chroot"]);
  const bits = (1n << 29n) | (1n << 5n) | (1n << 10n) | (1n << 13n) | (1n << 18n);
  const hex = bits.toString(16).padStart(16, "0");
  const none = "0".repeat(16);
  assert.equal(
    added.split("\n").map((text) => text.split(" ")[1]),
    [none, hex, hex, hex, none],
  );
  const id = running(runtime);
  assert.match(
    runtime.call(["exec", "--cap", "CAP_NOTHING", id, "true"]).err,
    /no such capability: CAP_NOTHING/,
  );
  end(id);
});

test("flags behind the container's name are the program's", () => {
  const id = running(runtime);
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
  const id = running(runtime, ({ process }) => {
    process.env.push("LEFT=over");
    process.user = { uid: 3, gid: 3 };
    process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 77, hard: 99 }];
    process.oomScoreAdj = 555;
  });
  assert.equal(executeDocument(runtime, id, { ...whole, unknown: { to: "us" } }), {
    status: 0,
    signal: null,
    out: "9\nb\n0027\n",
    err: "",
  });
  const script = `env | grep -c LEFT; ${statusLine("CapBnd")}; ${statusLine("NoNewPrivs")}; ulimit -n; cat /proc/self/oom_score_adj`;
  const { out } = executeDocument(runtime, id, { ...whole, args: ["sh", "-c", script] });
  assert.is(out, "0\nCapBnd: 0000000020000420\nNoNewPrivs: 0\n77\n555\n");
  end(id);
});

test("it may have its own limits, capabilities, scheduling and score", () => {
  const id = running(runtime);
  const script = `${statusLine("CapEff")}; ulimit -n; cat /proc/self/oom_score_adj; cut -d ' ' -f 19,41 /proc/self/stat; ionice`;
  const { out, err } = executeDocument(runtime, id, {
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
  const id = running(runtime);
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
  writeFileSync(file, '{"cwd": "/missing", "args": ["true"]}');
  assert.match(
    runtime.call(["exec", "-p", file, id]).err,
    /\(init: changeDirectory, .*process\.json \/process\/cwd\)/,
  );
  end(id);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
