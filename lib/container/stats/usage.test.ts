// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { statsOf } from "./stats.ts";
import { type Sample, usageOf, usages } from "./usage.ts";

function look(seconds: number, files: Readonly<Record<string, string>>, id = "web"): Sample {
  return {
    ...{ id, status: "running", time: seconds * 1e9 },
    controllers: new Set(["memory", "io", "pids"]),
    quota: files["cpu.max"],
    stats: statsOf(
      (file) => files[file],
      Object.keys(files),
      () => 0,
    ),
  };
}

const first = look(10, {
  "cpu.stat": "usage_usec 1000000\n",
  "memory.current": "3145728\n",
  "memory.max": "4194304\n",
  "memory.stat": "anon 2097152\ninactive_file 1048576\n",
  "io.stat": "8:0 rbytes=1000 wbytes=10\n8:16 rbytes=500 wbytes=0\n",
  "pids.current": "2\n",
  "pids.max": "max\n",
  "io.pressure": "some avg10=2.25 avg60=0.00 avg300=0.00 total=1\n",
});
const second = look(12, { "cpu.stat": "usage_usec 4000000\n", "io.stat": "8:0 rbytes=5500 wbytes=10\n" });

test("rates are those of the time between two looks, over all devices", () => {
  const { cpu, blockIo } = usageOf(first, second);
  assert.is(cpu.percent, 150);
  assert.equal(blockIo, { read: 5500, written: 10, readRate: 2000, writeRate: 0 });
});

test("at the first look there are no rates", () => {
  const { cpu, blockIo } = usageOf(undefined, first);
  assert.is(cpu.percent, null);
  assert.equal(blockIo, { read: 1500, written: 10, readRate: null, writeRate: null });
});

test("the limit of the processor is quota by period, of one processor", () => {
  for (const [quota, limit] of [
    ["150000 100000\n", 150],
    ["12345 50000\n", 24.69],
    ["max 100000\n", null],
    ["", null],
  ] as const)
    assert.is(usageOf(undefined, look(1, { "cpu.max": quota })).cpu.limit, limit, quota);
  assert.is(usageOf(undefined, look(1, {})).cpu.limit, null);
});

test("memory in use is without what was only read from files", () => {
  assert.equal(usageOf(undefined, first).memory, { used: 2097152, limit: 4194304, percent: 50 });
});

test("no limit is null, and so is pressure that the kernel keeps no account of", () => {
  const { pids, pressure } = usageOf(undefined, first);
  assert.equal(pids, { current: 2, limit: null });
  assert.equal(pressure, { cpu: null, memory: null, io: 2.25 });
});

test("without its controller nothing is said of memory and devices", () => {
  const { memory, blockIo } = usageOf(first, { ...second, controllers: new Set([""]) });
  assert.equal(memory, { used: null, limit: null, percent: null });
  assert.equal(blockIo, { read: null, written: null, readRate: null, writeRate: null });
});

test("a container that came since has no rates, one that went is left out, and one made anew does not run backwards", () => {
  const found = usages(
    [second, look(10, {}, "gone")],
    [look(13, { "cpu.stat": "usage_usec 5\n" }), look(13, {}, "new")],
  );
  assert.equal(
    found.map(({ id, cpu }) => [id, cpu.percent]),
    [
      ["web", 0],
      ["new", null],
    ],
  );
});

test.run();
