// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ErrorCode, type ErrorFacts, type Fault, RuntsError } from "../../errors.ts";
import { advise } from "./advice.ts";
import { nearest } from "./case.ts";

const advice = (code: ErrorCode, facts: ErrorFacts = {}) => advise(new RuntsError(code, facts)).join("; ");
const fault = (code: Fault["code"], expected: string, found?: string) =>
  advice("invalid", { faults: [{ code, pointer: "/a", expected, ...(found !== undefined && { found }) }] });

test("a misspelt word of a list gets the right one", () => {
  assert.match(fault("enum", "one of pid, network, mount", '"netwrok"'), "did you mean network?");
  assert.match(fault("enum", "one of pid, network, mount", '"net"'), "did you mean network?");
  assert.match(fault("enum", "one of pid, network, mount", '"something"'), "replace");
});

test("what is missing is to be added, what conflicts to be removed or met", () => {
  assert.match(fault("required", '"major": an integer'), 'add it to /a: "major"');
  assert.match(fault("conflict", "a uts namespace to set it in", '"x"'), '{"type": "uts"}');
  assert.match(fault("conflict", "not set: cgroup v1 only", "10"), "remove /a");
});

test("each status says which command comes first", () => {
  assert.match(advice("status", { step: "exec", detail: "paused" }), "resume");
  assert.match(advice("status", { step: "delete", detail: "running" }), "--force");
  assert.match(advice("status", { step: "pause", detail: "unheard of" }), "runts state");
});

test("a controller is to be had in the way that it was lost", () => {
  const lost = (why: string) =>
    advice("system", { detail: `cgroup controller memory is not available: ${why}` });
  assert.match(lost("cgroup v1 holds it, mounted at /x"), "unified_cgroup_hierarchy");
  assert.match(lost("the kernel's command line disables it"), "cgroup_enable=memory");
  assert.match(lost("the cgroup above /x does not hand it down (its cgroup.subtree_control)"), "+memory");
});

test("too little memory is to be raised", () => {
  assert.match(
    advice("step", { detail: "the kernel's out-of-memory killer ended it: memory.max" }),
    "memory.limit",
  );
});

test("the nearest word is one that a slip of the hand makes, and none that is just another", () => {
  const list = ["tmpfs", "proc", "sysfs", "overlay"];
  assert.is(nearest("tmpsf", list), "tmpfs");
  assert.is(nearest("overlayfs", list), "overlay");
  assert.is(nearest("bpf", list), undefined);
});

test.run();
