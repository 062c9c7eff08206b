// SPDX-License-Identifier: Apache-2.0

// Waiting for files of the kernel, and what programs print. The cgroup is one of our own below the first
// cgroup2 mount; without root there is none.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { findMount } from "../../lib/container/mountinfo.ts";
import { encode } from "../../lib/plan/encode.ts";
import type { Step } from "../../lib/plan/step.ts";
import { errno, fails, host } from "./host.ts";

const milliseconds = (since: number) => (host.now() - since) / 1e6;

const mountinfo = host.decode(host.readFile("/proc/self/mountinfo", 1 << 24));
const mount = findMount(mountinfo, "cgroup2", "/sys/fs/cgroup");
const mayMake = mount !== undefined && host.uid === 0 && host.writable(`${mount}/cgroup.procs`);
const prove = mayMake ? test : test.skip;
const reason = mayMake ? "" : " # makes a cgroup, which needs root and a cgroup2 mount";

const cgroup = { mount: mount ?? "", path: `/runts-host-${host.name}-${host.now()}` };

function execute(step: Step): void {
  const { syscall, errno: number, detail } = host.execute(encode({ runtime: [step], stage: [], init: [] }));
  assert.equal({ syscall, number, detail }, { syscall: "", number: 0, detail: "" });
}

const freeze = (frozen: number) =>
  execute({ op: "freezeCgroup", from: "", ...cgroup, frozen, milliseconds: 1000 });

prove(`a change of a cgroup's file wakes once, and none between two waits is lost${reason}`, () => {
  // makeCgroup would want a container's folder to note it in
  execute({ op: "makeResctrl", from: "", mount: cgroup.mount, path: cgroup.path.slice(1) });
  try {
    const watched = host.watch(`${cgroup.mount}${cgroup.path}/cgroup.events`, "");
    assert.equal(host.wait([watched], 0), []);
    freeze(1); // nobody waits
    assert.equal(host.wait([watched], 5000), [watched]);
    assert.equal(host.wait([watched], 0), []);
    freeze(0);
    const other = host.watch("/proc/self/mounts", "");
    assert.equal(host.wait([other, watched], 5000), [watched]);
  } finally {
    execute({ op: "removeCgroup", from: "", ...cgroup, milliseconds: 1000 });
  }
});

test("waiting for nothing lets the time pass", () => {
  const start = host.now();
  assert.equal(host.wait([], 30), []);
  assert.ok(milliseconds(start) >= 29);
});

test("what cannot be watched says why", () => {
  fails(() => host.watch("/does/not/exist", ""), "open", errno.ENOENT, "/does/not/exist");
  fails(() => host.wait([987654], 10), "poll", errno.EBADF, "987654");
  assert.throws(() => host.wait(new Array(17).fill(0), 10), /too many/);
});

test("a program's two outputs come together, with its exit status", () => {
  const { status, output } = host.output(["sh", "-c", "echo one; echo zwei é >&2; exit 3"], 100);
  assert.equal([status, host.decode(output)], [3, "one\nzwei é\n"]);
});

test("a program has no input, and one that is killed says by which signal", () => {
  assert.equal(host.output(["cat"], 100), { status: 0, output: new Uint8Array() });
  assert.is(host.output(["sh", "-c", "kill -9 $$"], 100).status, 137);
});

test("more output than allowed, or no such program, is a failure", () => {
  assert.is(host.output(["sh", "-c", "printf 12345"], 5).output.length, 5);
  fails(() => host.output(["sh", "-c", "printf 123456"], 5), "read", errno.E2BIG, "sh");
  fails(() => host.output(["yes"], 1 << 20), "read", errno.E2BIG, "yes");
  fails(() => host.output(["no-such-program"], 5), "execve", errno.ENOENT, "no-such-program");
  fails(() => host.output(["sh", "a\0b"], 5), "encode", errno.EILSEQ);
});

test("what is no terminal has no size and can still be held and released", () => {
  if (host.isTerminal(0) || host.isTerminal(1)) return;
  assert.equal(host.screenSize(1), { columns: 0, rows: 0 });
  host.holdTerminal("");
  fails(() => host.holdTerminal(""), "tcsetattr", 16);
  host.releaseTerminal();
  host.releaseTerminal();
});

test.run();
