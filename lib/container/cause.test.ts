// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode, memoryHost } from "../config/fixtures/host.ts";
import { RuntsError } from "../errors.ts";
import type { Outcome } from "../host.ts";
import type { Plan, Step } from "../plan/step.ts";
import { killedForMemory, withCause } from "./cause.ts";

const place = { mount: "/m", path: "/a/c" };

/** The error that this step gives when it fails like this while the cgroups are so. */
function cause(step: Step, failure: Partial<Outcome>, files: Readonly<Record<string, string>>) {
  const limit: Step = {
    op: "writeCgroup",
    from: "/linux/resources/memory/limit",
    file: "memory.max",
    value: "65536",
  };
  const plan: Plan = { runtime: [step, limit], stage: [], init: [] };
  const outcome: Outcome = {
    process: 0,
    step: 0,
    syscall: "write",
    errno: 0,
    detail: "it",
    pid: 0,
    exitStatus: -1,
    warnings: [],
    ...failure,
  };
  const bytes = Object.entries(files).map(([path, text]) => [`/m${path}`, encode(text)]);
  const { errno, detail } = outcome;
  const error = new RuntsError("step", { step: "runtime: x", errno, detail, pointer: step.from });
  return withCause(memoryHost(Object.fromEntries(bytes)), plan, outcome, place, error).facts;
}

const enable: Step = {
  op: "enableControllers",
  from: "/linux/resources",
  mount: "/m",
  path: "/a",
  needed: ["memory"],
  offered: [],
};
const wait: Step = { op: "wait", from: "", of: "init", event: "prepared" };
const clone: Step = { op: "cloneInit", from: "", flags: 0, intoCgroup: 1 };

test("an init that the kernel has ended for want of memory names the limit", () => {
  const killed = { errno: 32, detail: "init was killed by signal 9" };
  const { pointer, detail } = cause(wait, killed, {
    "/a/c/memory.events": "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\n",
    "/a/c/memory.max": "65536\n",
  });
  assert.is(pointer, "/linux/resources/memory/limit");
  assert.match(detail ?? "", /out-of-memory killer ended it: memory\.max of 65536 bytes is too little/);
});

test("one that was killed by somebody else does not", () => {
  const killed = { errno: 32, detail: "init was killed by signal 9" };
  assert.is(cause(wait, killed, { "/a/c/memory.events": "max 3\noom 0\noom_kill 0\n" }).pointer, "");
  assert.is(cause(wait, killed, {}).detail, "init was killed by signal 9");
});

test("memory that the kernel refuses is the limit's matter, too", () => {
  const files = { "/a/c/memory.events": "max 3\noom 3\noom_kill 0\n", "/a/c/memory.max": "4096\n" };
  assert.match(cause(clone, { errno: 12 }, files).detail ?? "", /refused it memory: memory\.max of 4096/);
  assert.match(
    cause(wait, { errno: 32, detail: "init exited with status 127" }, files).detail ?? "",
    /refused it/,
  );
  assert.is(cause(clone, { errno: 12 }, {}).detail, "it");
});

test("a process that was to join is no container", () => {
  const files = { "/a/c/memory.events": "max 1\noom_kill 1\n", "/a/c/memory.max": "max\n" };
  const open: Step = { op: "openProcess", from: "", slot: 0, pid: 1, startTime: 1 };
  assert.match(
    cause(open, { errno: 32 }, files).detail ?? "",
    /killer ended it: a limit above that of its own cgroup is too little for another process$/,
  );
});

test("a program that SIGKILL has ended may have been the out-of-memory killer's", () => {
  const told = (kills: number, status = 137) => {
    const files = {
      "/m/a/c/memory.events": encode(`max 9\noom_kill ${kills}\n`),
      "/m/a/c/memory.max": encode("65536\n"),
    };
    return killedForMemory(memoryHost(files), place, status);
  };
  const said = "the kernel's out-of-memory killer has ended";
  assert.is(told(1), `${said} a process of the container, for memory.max of 65536 bytes`);
  assert.match(told(3) ?? "", `${said} 3 processes of the container`);
  assert.is(told(0), undefined);
  assert.is(told(1, 143), undefined);
  assert.is(killedForMemory(memoryHost({}), place, 137), undefined);
  assert.is(killedForMemory(memoryHost({}), undefined, 137), undefined);
});

test("a cgroup with processes of its own hands nothing down, and they are named", () => {
  const detail = cause(enable, { errno: 16 }, { "/a/cgroup.procs": "17\n18\n" }).detail ?? "";
  assert.match(detail, /^it: cgroup \/a has processes of its own \(17, 18\)/);
});

test("a threaded subtree is called one", () => {
  const type = { "/a/cgroup.type": "threaded\n" };
  assert.match(
    cause(enable, { errno: 95 }, type).detail ?? "",
    /cgroup \/a is of a threaded subtree .*: threaded/,
  );
  const invalid = { "/a/c/cgroup.type": "domain invalid\n" };
  assert.match(
    cause(clone, { errno: 95, syscall: "clone3" }, invalid).detail ?? "",
    /cgroup \/a\/c .*domain invalid/,
  );
});

const make: Step = { op: "makeCgroup", from: "/linux/cgroupsPath", mount: "/m", path: "/a/b/c" };

test("a frozen cgroup above is named, and one that says so itself is not told twice", () => {
  assert.is(
    cause(make, { errno: 16 }, { "/a/cgroup.freeze": "1\n", "/a/b/cgroup.freeze": "0\n" }).detail,
    "it: cgroup /a above it is",
  );
  assert.is(cause(make, { errno: 16 }, { "/a/b/c/cgroup.freeze": "1\n" }).detail, "it");
  assert.is(cause(make, { errno: 16 }, { "/a/cgroup.freeze": "0\n" }).detail, "it");
});

test("which limit of cgroups is reached where", () => {
  const files = { "/a/cgroup.max.depth": "max\n", "/a/b/cgroup.max.descendants": "max\n" };
  assert.is(cause(make, { errno: 11 }, files).detail, "it");
  assert.is(
    cause(make, { errno: 11 }, { ...files, "/a/cgroup.max.depth": "1\n" }).detail,
    "it: cgroup.max.depth of cgroup /a is 1",
  );
  // only the last one was still to be made
  const full = (most: number) =>
    cause(
      make,
      { errno: 11 },
      { ...files, "/a/cgroup.max.descendants": `${most}\n`, "/a/cgroup.stat": "nr_descendants 3\n" },
    ).detail;
  assert.is(full(3), "it: cgroup.max.descendants of cgroup /a is 3");
  assert.is(full(4), "it");
});

test("real-time processes keep cpu from cgroups where the kernel groups them", () => {
  assert.match(cause(enable, { errno: 22 }, {}).detail ?? "", /real-time process.*CONFIG_RT_GROUP_SCHED/);
});

test("what this user may not write to is named", () => {
  const { detail = "" } = cause(enable, { errno: 13 }, {});
  assert.match(detail, /this user may not write to its \/a\/cgroup\.subtree_control/);
});

test("a full cgroup above is the reason for no further process", () => {
  const full = { "/a/pids.max": "3\n", "/a/pids.current": "3\n" };
  assert.match(cause(clone, { errno: 11, syscall: "clone3" }, full).detail ?? "", /pids\.max/);
  assert.is(cause(clone, { errno: 11, syscall: "clone3" }, {}).detail, "it");
});

test.run();
