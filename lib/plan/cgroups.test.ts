// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Resources } from "../config/types.ts";
import { cgroupSteps, cpuWeight, neededControllers, processLimit } from "./cgroups.ts";
import { factsOf } from "./fixtures/facts.ts";

function written(resources: Resources): Readonly<Record<string, string>> {
  const facts = factsOf({ ociVersion: "1.3.0", root: { path: "rootfs" }, linux: { resources } });
  return Object.fromEntries(
    [...cgroupSteps(facts), ...processLimit(facts)].flatMap((step) =>
      step.op === "writeCgroup" ? [[step.file, step.value]] : [],
    ),
  );
}

test("shares become weights on the curve that runc and crun agreed on", () => {
  assert.equal([2, 1024, 262144].map(cpuWeight), [1, 100, 10000]);
  assert.is(cpuWeight(0), 1);
  assert.is(cpuWeight(2n ** 40n), 10000);
});

test("swap alone is what the spec's sum leaves after memory", () => {
  assert.equal(written({ memory: { limit: 100, swap: 300 } }), {
    "memory.swap.max": "200",
    "memory.max": "100",
  });
  assert.equal(written({ memory: { limit: 100, swap: -1 } }), {
    "memory.swap.max": "max",
    "memory.max": "100",
  });
});

test("64-bit limits are written exactly", () => {
  assert.equal(written({ memory: { limit: 9223372036854775807n } }), { "memory.max": "9223372036854775807" });
});

test("quota and period make one line, either may be missing", () => {
  assert.equal(written({ cpu: { quota: 50000, period: 100000 } }), { "cpu.max": "50000 100000" });
  assert.equal(written({ cpu: { quota: -1 } }), { "cpu.max": "max" });
  assert.equal(written({ cpu: { period: 50000 } }), { "cpu.max": "max 50000" });
});

test("a pids limit of 0 is a limit, -1 is none", () => {
  assert.equal(written({ pids: { limit: 0 } }), { "pids.max": "0" });
  assert.equal(written({ pids: { limit: -1 } }), { "pids.max": "max" });
});

test("each line of a unified value is a write of its own", () => {
  const resources = { unified: { "io.max": "8:0 rbps=1\n8:16 wbps=2\n", "memory.high": "5" } };
  const facts = factsOf({ ociVersion: "1.3.0", root: { path: "rootfs" }, linux: { resources } });
  assert.equal(
    cgroupSteps(facts).flatMap((step) => (step.op === "writeCgroup" ? [step.value] : [])),
    ["8:0 rbps=1", "8:16 wbps=2", "5"],
  );
});

test("the controllers needed follow from what is written, with the pointer of the first that asks", () => {
  const needed = neededControllers({
    cpu: { cpus: "0" },
    unified: { "io.weight": "5", "cgroup.freeze": "0" },
  });
  assert.equal(
    [...needed],
    [
      ["cpuset", "/linux/resources/cpu/cpus"],
      ["io", "/linux/resources/unified/io.weight"],
    ],
  );
});

test.run();
