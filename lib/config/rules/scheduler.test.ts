// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../host.ts";
import { faultsOf, findings, warningsOf } from "../fixtures/edit.ts";

const at = "/process/scheduler";
const found = (scheduler: { [name: string]: Json }) => faultsOf({ [at]: scheduler });

test("a real-time policy has a priority, no other has", () => {
  for (const policy of ["SCHED_FIFO", "SCHED_RR"]) {
    assert.equal(found({ policy, priority: 1 }), []);
    assert.equal(found({ policy }), [`required ${at}`]);
    assert.equal(found({ policy, priority: 0 }), [`range ${at}/priority`]);
  }
  for (const policy of ["SCHED_OTHER", "SCHED_BATCH", "SCHED_IDLE"]) {
    assert.equal(found({ policy, priority: 0 }), []);
    assert.equal(found({ policy, priority: 1 }), [`conflict ${at}/priority`]);
  }
  const deadline = { policy: "SCHED_DEADLINE", runtime: 1024, deadline: 1024 };
  assert.equal(found({ ...deadline, priority: 1 }), [`conflict ${at}/priority`]);
});

test("a policy that no kernel has is refused by name", () => {
  assert.equal(found({ policy: "SCHED_ISO", priority: 3 }), [`unsupported ${at}/policy`]);
});

test("runtime, deadline and period rise, and a period that is not given is the deadline", () => {
  const policy = "SCHED_DEADLINE";
  assert.equal(found({ policy, runtime: 1024, deadline: 1024 }), []);
  assert.equal(found({ policy, runtime: 2000, deadline: 3000, period: 3000 }), []);
  assert.equal(found({ policy, runtime: 2000, deadline: 3000, period: 0 }), []);
  assert.equal(found({ policy, runtime: 1023, deadline: 3000 }), [`range ${at}/runtime`]);
  assert.equal(found({ policy, runtime: 4000, deadline: 3000 }), [`range ${at}/deadline`]);
  assert.equal(found({ policy, runtime: 2000, deadline: 3000, period: 2999 }), [`range ${at}/period`]);
  assert.equal(found({ policy, runtime: 2000, deadline: 0 }), [`range ${at}/deadline`]);
  assert.equal(found({ policy }), [`required ${at}`, `required ${at}`]);
  const most = 2n ** 63n - 1n;
  assert.equal(found({ policy, runtime: most, deadline: most, period: most }), []);
  assert.equal(found({ policy, runtime: most, deadline: 2n ** 62n }), [`range ${at}/deadline`]);
});

test("times are for the deadline policy alone", () => {
  assert.equal(found({ policy: "SCHED_OTHER", runtime: 0, deadline: 0, period: 0 }), []);
  assert.equal(found({ policy: "SCHED_OTHER", runtime: 1, deadline: 1, period: 1 }), [
    `conflict ${at}/runtime`,
    `conflict ${at}/deadline`,
    `conflict ${at}/period`,
  ]);
});

test("what the process keeps of its caller is left to the kernel to judge", () => {
  for (const flag of ["SCHED_FLAG_KEEP_POLICY", "SCHED_FLAG_KEEP_PARAMS"])
    assert.equal(found({ policy: "SCHED_FIFO", flags: [flag] }), []);
  assert.equal(found({ policy: "SCHED_FIFO", flags: ["SCHED_FLAG_RESET_ON_FORK"] }), [`required ${at}`]);
});

test("a nice value that has no effect is warned about", () => {
  const warned = (policy: string) => warningsOf({ [at]: { policy, nice: 5, priority: 0 } });
  assert.equal(warned("SCHED_BATCH"), []);
  assert.equal(warned("SCHED_IDLE"), [`conflict ${at}/nice`]);
});

test("nice values and priorities beyond the kernel's break the schema", () => {
  const refused = (scheduler: { [name: string]: Json }) =>
    assert.throws(() => findings({ [at]: scheduler }), /breaks the schema/);
  for (const nice of [-21, 20]) refused({ policy: "SCHED_OTHER", nice });
  for (const priority of [-1, 100]) refused({ policy: "SCHED_FIFO", priority });
  assert.equal(found({ policy: "SCHED_OTHER", nice: -20 }), []);
  assert.equal(found({ policy: "SCHED_OTHER", nice: 19 }), []);
  assert.equal(found({ policy: "SCHED_FIFO", priority: 99 }), []);
});

test.run();
