// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Config, DeviceRule, Resources } from "../config/types.ts";
import { limitProperties } from "./scope-limits.ts";
import { keepExact, newDeviceRules, updateSteps } from "./update.ts";

/** What is written, in its order, to a cgroup whose files say `present`. */
function written(resources: Resources, present: Readonly<Record<string, string>>): readonly string[] {
  return updateSteps(resources, (file) => present[file]).flatMap((step) =>
    step.op === "writeCgroup" ? [`${step.file} ${step.value}`] : [],
  );
}

test("a burst that grows comes after the quota, one that shrinks before it", () => {
  const present = { "cpu.max": "50000 100000", "cpu.max.burst": "20000" };
  assert.equal(written({ cpu: { quota: 80000, burst: 60000 } }, present), [
    "cpu.max 80000 100000",
    "cpu.max.burst 60000",
  ]);
  assert.equal(written({ cpu: { quota: 10000, burst: 5000 } }, present), [
    "cpu.max.burst 5000",
    "cpu.max 10000 100000",
  ]);
});

test("a quota alone keeps the period that is there, also for systemd", () => {
  const present = { "cpu.max": "max 50000" };
  const steps = updateSteps({ cpu: { quota: 25000 } }, () => present["cpu.max"]);
  assert.equal(limitProperties(steps, false), [
    ["CPUQuotaPeriodUSec", "t", "50000"],
    ["CPUQuotaPerSecUSec", "t", "500000"],
  ]);
  assert.equal(written({ cpu: { quota: -1 } }, present), ["cpu.max max 50000"]);
  assert.equal(written({ unified: { "cpu.max": "7000" } }, present), ["cpu.max 7000 50000"]);
  assert.equal(written({ cpu: { quota: 25000, period: 20000 } }, present), ["cpu.max 25000 20000"]);
});

test("what systemd would round and is not to be changed is written again as it is", () => {
  const present: Readonly<Record<string, string>> = { "cpu.max": "20001 50000", "pids.max": "0" };
  const kept = (resources: Resources) =>
    keepExact(
      updateSteps(resources, (file) => present[file]),
      (file) => present[file],
    ).map((step) => (step.op === "writeCgroup" ? `${step.file} ${step.value}` : step.op));
  assert.equal(kept({ memory: { limit: 4096 } }), ["cpu.max 20001 50000", "pids.max 0"]);
  assert.equal(kept({ pids: { limit: 7 } }), ["cpu.max 20001 50000"]);
  assert.equal(
    keepExact([], () => undefined),
    [],
  );
});

test("each step of either order is one that the kernel takes", () => {
  // cpu.max.burst may not be more than the quota
  const amounts = [10000, 20000, 50000, 90000];
  for (const quota of amounts)
    for (const burst of amounts.filter((value) => value <= quota))
      for (const newQuota of amounts)
        for (const newBurst of amounts.filter((value) => value <= newQuota)) {
          const state = { quota, burst };
          const present = { "cpu.max": `${quota} 100000`, "cpu.max.burst": `${burst}` };
          for (const step of written({ cpu: { quota: newQuota, burst: newBurst } }, present)) {
            const [file, value] = step.split(" ");
            state[file === "cpu.max" ? "quota" : "burst"] = Number(value);
            assert.ok(state.burst <= state.quota, `${quota}/${burst} to ${newQuota}/${newBurst}: ${step}`);
          }
        }
});

test("swap that shrinks comes after memory, which may need it to shrink", () => {
  const present = { "memory.max": "1000", "memory.swap.max": "1000" };
  assert.equal(written({ memory: { limit: 500, swap: 600 } }, present), [
    "memory.max 500",
    "memory.swap.max 100",
  ]);
  assert.equal(written({ memory: { limit: 500, swap: 2000 } }, present), [
    "memory.swap.max 1500",
    "memory.max 500",
  ]);
  assert.equal(
    written({ memory: { limit: 500, swap: 600 } }, { "memory.max": "max", "memory.swap.max": "max" }),
    ["memory.max 500", "memory.swap.max 100"],
  );
});

test("a new weight of all leaves those of single devices, which BFQ would drop", () => {
  const present = { "io.bfq.weight": "default 100\n8:0 200" };
  assert.equal(written({ blockIO: { weight: 50 } }, present), ["io.bfq.weight 8:0 200"]);
  assert.equal(written({ blockIO: { weight: 50 } }, { "io.weight": "default 100\n8:0 200" }), []);
});

test("one that is idle no more has the default weight, unless another is given", () => {
  const idle = { "cpu.idle": "1" };
  assert.equal(written({ cpu: { idle: 0 } }, idle), ["cpu.idle 0", "cpu.weight 100"]);
  assert.equal(written({ cpu: { idle: 0, shares: 2 } }, idle), ["cpu.idle 0", "cpu.weight 1"]);
  assert.equal(written({ unified: { "cpu.idle": "0" } }, idle), ["cpu.idle 0", "cpu.weight 100"]);
  assert.equal(written({ cpu: { idle: 0 } }, { "cpu.idle": "0" }), ["cpu.idle 0"]);
});

test("the number of processes comes after the other limits", () => {
  assert.equal(written({ pids: { limit: 5 }, memory: { limit: 500 } }, {}), ["memory.max 500", "pids.max 5"]);
});

const created: Config = {
  ociVersion: "1.3.0",
  root: { path: "rootfs" },
  linux: { resources: { devices: [{ allow: false, access: "rwm" }] } },
};

const isCreated = (rules: readonly DeviceRule[]) =>
  newDeviceRules(rules, created, true).map((step) => step.op === "replaceDeviceFilter" && step.created);

test("device rules are new only when they differ from those of create", () => {
  assert.equal(isCreated([{ allow: false, access: "rwm" }]), [1]);
  assert.equal(isCreated([{ allow: false }]), [1]);
  assert.equal(isCreated([{ allow: true }]), [0]);
  // without rules nothing but the defaults is allowed
  assert.equal(isCreated([]), [1]);
  assert.equal(newDeviceRules(undefined, created, true), []);
});

test.run();
