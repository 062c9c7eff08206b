// SPDX-License-Identifier: Apache-2.0

// The seccomp filter and its cache; config-linux.md#seccomp.

import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Seccomp } from "../../lib/config/types.ts";
import { type Change, combine, makeBundle, shell } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newId } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

/** What Podman sends for a container with its default profile. */
const podman = JSON.parse(readFileSync("lib/config/fixtures/podman.json", "utf8")).linux.seccomp;

const filtered =
  (seccomp: Seccomp): Change =>
  (config) => {
    Object.assign(config.linux, { seccomp });
  };

const forbidding = (name: string, more: object = {}): Seccomp => ({
  defaultAction: "SCMP_ACT_ALLOW",
  syscalls: [{ names: [name], action: "SCMP_ACT_ERRNO", ...more }],
});

const privileges =
  (noNewPrivileges: boolean): Change =>
  (config) => {
    config.process.noNewPrivileges = noNewPrivileges;
  };

test("Podman's default profile is loaded, with and without no_new_privs", () => {
  for (const wanted of [true, false]) {
    const out = runtime.inside(
      "grep -E '^(Seccomp|NoNewPrivs):' /proc/self/status",
      filtered(podman),
      privileges(wanted),
    );
    assert.match(out, /Seccomp:\s+2/);
    assert.match(out, new RegExp(`NoNewPrivs:\\s+${wanted ? 1 : 0}`));
  }
});

test("without a profile there is no filter", () => {
  assert.match(runtime.inside("grep ^Seccomp: /proc/self/status"), /Seccomp:\s+0/);
});

test("a forbidden call fails with the rule's errno, and with EPERM when none is given", () => {
  const script = "mkdir /tmp/x 2>&1; true";
  assert.match(runtime.inside(script, filtered(forbidding("mkdir"))), /Operation not permitted/);
  assert.match(runtime.inside(script, filtered(forbidding("mkdir", { errnoRet: 28 }))), /No space left/);
});

test("a rule with an argument counts only for that value", () => {
  // 0o700 is what mkdir -m 700 asks the kernel for
  const rule = forbidding("mkdir", { args: [{ index: 1, value: 0o700, op: "SCMP_CMP_EQ" }] });
  const out = runtime.inside(
    "umask 0; mkdir /dev/shm/a && echo a; (umask 077; mkdir /dev/shm/b 2>&1); true",
    filtered(rule),
  );
  assert.match(out, /^a/);
});

test("a call that kills ends the program with SIGSYS", () => {
  const rule: Seccomp = {
    defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_KILL_PROCESS" }],
  };
  const { status } = runtime.run(combine(shell("exec mkdir /tmp/x"), filtered(rule)));
  assert.is(status, 128 + 31);
});

test("run tells at which call a filter has ended the program, where the kernel's log can be read", () => {
  const rule: Seccomp = {
    defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_KILL_PROCESS" }],
  };
  const { status, err } = runtime.run(combine(shell("exec mkdir /dev/shm/x"), filtered(rule)));
  assert.is(status, 159);
  const readable = spawnSync("dmesg").status === 0;
  assert.match(err, readable ? /at mkdir \(config\.json \/linux\/seccomp\/syscalls\/0\)/ : /dmesg may tell/);
});

test("a filter that forbids what the runtime itself needs does not stop the start", () => {
  const names = ["close_range", "capset", "setuid", "setresuid", "openat2", "fchdir", "umask", "sendmsg"];
  const rule: Seccomp = {
    defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{ names, action: "SCMP_ACT_KILL_PROCESS" }],
  };
  const { status, err } = runtime.run(combine(shell("exit 3"), filtered(rule)));
  assert.equal({ status, err }, { status: 3, err: "" });
});

test("the compiled filter is kept under the root, and is what runs the next time", () => {
  const own = new Runtime();
  const run = () => own.inside("grep ^Seccomp: /proc/self/status", filtered(podman));
  own.ok("run", "--bundle", makeBundle(), newId()); // makes the root's folder
  assert.match(run(), /2/);
  const files = () => readdirSync(own.root).filter((name) => name.startsWith(".seccomp-"));
  const first = files();
  assert.is(first.length, 1);
  assert.match(run(), /2/);
  assert.equal(files(), first, "the same profile compiles once");
  own.inside("true", filtered(forbidding("mkdir")));
  assert.is(files().length, 2, "another profile is another file");
});

/** What an agent printed that let every call go on. It takes one connection. */
function withAgent(use: (socket: string) => void, socket = `${newFolder()}/agent`): string {
  const folder = newFolder({ said: "" });
  const said = openSync(`${folder}/said`, "w");
  const agent = spawn("build/conformance/warden", ["listener", socket, "continue"], {
    stdio: ["ignore", said, "inherit"],
  });
  closeSync(said);
  try {
    assert.ok(waitFor(() => existsSync(socket)));
    use(socket);
  } finally {
    agent.kill();
  }
  return readFileSync(`${folder}/said`, "utf8");
}

const asking = (listenerPath: string): Seccomp => ({ defaultAction: "SCMP_ACT_NOTIFY", listenerPath });

test("an agent may answer for every call that the program and the runtime's own last steps make", () => {
  for (const wanted of [true, false]) {
    const lines = withAgent((socket) =>
      assert.is(runtime.inside("echo answered", filtered(asking(socket)), privileges(wanted)), "answered"),
    );
    assert.match(lines, /seccompFd/);
  }
});

test("the agent answers for a process that joins as well, and is told of the container's first process", () => {
  let pid = 0;
  let joined = "";
  const created = withAgent((socket) => {
    const id = runtime.create(combine(shell("exec sleep 1000"), filtered(asking(socket))));
    runtime.ok("start", id);
    ({ pid } = runtime.state(id));
    rmSync(socket);
    joined = withAgent(() => assert.is(runtime.ok("exec", id, "echo", "joined"), "joined\n"), socket);
    runtime.ok("delete", "--force", id);
  });
  assert.match(created, /created/);
  assert.match(joined, /running/);
  const pids = joined.match(/(?<=pid[^0-9]{1,8})[0-9]+/g) ?? [];
  assert.is(Number(pids[0]), pid);
  assert.not.equal(Number(pids[1]), pid);
});

test("without its agent a container is not run, and nothing is left of it", () => {
  for (const wanted of [true, false]) {
    const { status, err } = runtime.run(
      combine(shell("echo never"), filtered(asking("/no/such/agent")), privileges(wanted)),
    );
    assert.is(status, 1);
    assert.match(err, /\/no\/such\/agent.*passListener.*\/linux\/seccomp\/listenerPath/);
  }
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
