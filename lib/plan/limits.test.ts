// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Resources } from "../config/types.ts";
import { cpuWeight, limitSteps, neededControllers, processSteps } from "./limits.ts";

const stepsOf = (resources: Resources) => [...limitSteps(resources), ...processSteps(resources)];

function written(resources: Resources): Readonly<Record<string, string>> {
  return Object.fromEntries(
    stepsOf(resources).flatMap((step) =>
      step.op === "writeCgroup" || step.op === "writeCgroupPresent" ? [[step.file, step.value]] : [],
    ),
  );
}

test("shares become weights on the curve that runc and crun agreed on", () => {
  assert.equal([2, 1024, 262144].map(cpuWeight), [1, 100, 10000]);
  // between them as both round it
  assert.equal([3, 10, 100, 256, 512, 2048, 4096, 10240].map(cpuWeight), [2, 4, 17, 35, 59, 174, 303, 639]);
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

test("what a kernel that does not count swap does anyway needs no file for it", () => {
  const ops = (memory: NonNullable<Resources["memory"]>) =>
    stepsOf({ memory }).flatMap((step) =>
      "file" in step && step.file === "memory.swap.max" ? [step.op] : [],
    );
  assert.equal(ops({ limit: 100, swap: -1 }), ["writeCgroupPresent"]);
  assert.equal(ops({ limit: 100, swap: 100 }), ["writeCgroupPresent"]);
  assert.equal(ops({ limit: -1 }), ["writeCgroupPresent"]);
  assert.equal(ops({ limit: 100, swap: 101 }), ["writeCgroup"]);
});

test("0 asks for no limit of memory, as engines mean it", () => {
  assert.equal(written({ memory: { limit: 0, swap: 0, reservation: 0 } }), {});
});

test("64-bit limits are written exactly", () => {
  const most = 9223372036854775807n;
  assert.equal(written({ memory: { limit: most } }), { "memory.max": "9223372036854775807" });
  assert.equal(written({ memory: { limit: 4096, swap: most, reservation: most } }), {
    "memory.swap.max": "9223372036854771711",
    "memory.max": "4096",
    "memory.low": "9223372036854775807",
  });
});

test("quota and period make one line, either may be missing", () => {
  assert.equal(written({ cpu: { quota: 50000, period: 100000 } }), { "cpu.max": "50000 100000" });
  assert.equal(written({ cpu: { quota: -1 } }), { "cpu.max": "max" });
  assert.equal(written({ cpu: { period: 50000 } }), { "cpu.max": "max 50000" });
  const askedBy = (cpu: NonNullable<Resources["cpu"]>) => stepsOf({ cpu }).map(({ from }) => from);
  assert.equal(askedBy({ quota: 50000, period: 100000 }), ["/linux/resources/cpu/quota"]);
  assert.equal(askedBy({ quota: 0, period: 50000 }), ["/linux/resources/cpu/period"]);
});

test("the burst comes after the quota that it may not exceed; 0 needs no kernel that has it", () => {
  assert.equal(Object.keys(written({ cpu: { burst: 5, quota: 10000 } })), ["cpu.max", "cpu.max.burst"]);
  assert.equal(
    stepsOf({ cpu: { burst: 0 } })
      .map(({ op }) => op)
      .slice(-1),
    ["writeCgroupPresent"],
  );
});

test("an idle group is given no weight, which the kernel would refuse", () => {
  assert.equal(written({ cpu: { idle: 1, shares: 512 } }), { "cpu.idle": "1" });
  assert.equal(written({ cpu: { idle: 0, shares: 1024 } }), { "cpu.idle": "0", "cpu.weight": "100" });
});

test("unified wins over the other limits: it is written last", () => {
  const last = (resources: Resources) => stepsOf(resources).at(-1)?.from;
  assert.is(
    last({ memory: { limit: 5 }, unified: { "memory.max": "6" } }),
    "/linux/resources/unified/memory.max",
  );
  assert.is(last({ pids: { limit: 5 }, unified: { "pids.max": "6" } }), "/linux/resources/unified/pids.max");
});

test("a pids limit of 0 is a limit, -1 is none", () => {
  assert.equal(written({ pids: { limit: 0 } }), { "pids.max": "0" });
  assert.equal(written({ pids: { limit: -1 } }), { "pids.max": "max" });
});

test("each line of a unified value is a write of its own", () => {
  const resources = { unified: { "io.max": "8:0 rbps=1\n8:16 wbps=2\n", "memory.high": "5" } };
  assert.equal(
    stepsOf(resources).flatMap((step) => (step.op === "writeCgroup" ? [step.value] : [])),
    ["8:0 rbps=1", "8:16 wbps=2", "5"],
  );
  // the kernel takes an empty line for a limit of 0, and no byte at all for nothing
  assert.equal(written({ unified: { "memory.max": "\n" } }), { "memory.max": "" });
});

test("the controllers needed follow from what is written, with the pointer of the first that asks", () => {
  const needed = neededControllers({
    cpu: { cpus: "0" },
    // the last two are in each cgroup
    unified: { "io.weight": "5", "cgroup.freeze": "0", "memory.pressure": "some 150000 1000000" },
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
test.run();
