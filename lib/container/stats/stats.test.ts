// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeJson } from "../../json.ts";
import { statsOf } from "./stats.ts";

/** As Linux 6.1 shows a container with limits that has met them. */
const files: Readonly<Record<string, string>> = {
  "cpu.stat": `usage_usec 1500000
user_usec 1000000
system_usec 500000
core_sched.force_idle_usec 0
nr_periods 10
nr_throttled 4
throttled_usec 30000
nr_bursts 0
burst_usec 0
`,
  "cpu.pressure":
    "some avg10=1.50 avg60=0.00 avg300=0.00 total=77\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
  "memory.current": "33550336\n",
  "memory.max": "33554432\n",
  "memory.peak": "33554432\n",
  "memory.events": "low 0\nhigh 0\nmax 87\noom 2\noom_kill 1\noom_group_kill 0\n",
  "memory.swap.current": "4096\n",
  "memory.swap.max": "max\n",
  "memory.swap.events": "high 0\nmax 0\nfail 0\n",
  "memory.stat": "file 8192\nanon 33341440\ninactive_file 4096\n",
  "io.stat": "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n0:42 \n",
  "pids.current": "3\n",
  "pids.max": "100\n",
  "hugetlb.2MB.current": "2097152\n",
  "hugetlb.2MB.rsvd.current": "4194304\n",
  "hugetlb.2MB.events": "max 5\n",
};

const all = (found: Readonly<Record<string, string>>, count = 0) =>
  statsOf(
    (file) => found[file],
    Object.keys(found),
    () => count,
  );

const without = (...names: readonly string[]) =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));

test("microseconds become nanoseconds, and throttling is there", () => {
  const { cpu } = all(files);
  assert.equal(cpu.usage, { total: 1500000000, kernel: 500000000, user: 1000000000 });
  assert.equal(cpu.throttling, { periods: 10, throttledPeriods: 4, throttledTime: 30000000 });
  assert.is(cpu.psi?.some.avg10, 1.5);
});

test("memory has use, peak, limit, and how often that was met; swap is counted with memory", () => {
  const { memory } = all(files);
  assert.equal(memory.usage, { limit: 33554432, usage: 33550336, max: 33554432, failcnt: 87 });
  assert.equal(memory.swap, { limit: 18446744073709551615n, usage: 33554432, failcnt: 0 });
  assert.is(memory.cache, 8192);
  assert.equal(Object.keys(memory.raw ?? {}), ["anon", "file", "inactive_file"]);
});

test("without swap in the kernel, memory's figures are those of both", () => {
  const { swap } = all(without("memory.swap.current", "memory.swap.max", "memory.swap.events")).memory;
  assert.equal(swap, { limit: 33554432, usage: 33550336, failcnt: 0 });
});

test("block devices have bytes and operations, each for both directions", () => {
  const { blkio } = all(files);
  assert.equal(blkio.ioServiceBytesRecursive, [
    { major: 8, op: "Read", value: 4096 },
    { major: 8, op: "Write" },
  ]);
  assert.equal(blkio.ioServicedRecursive, [
    { major: 8, op: "Read", value: 1 },
    { major: 8, op: "Write" },
  ]);
});

test("huge pages count those reserved where the kernel does", () => {
  assert.equal(all(files).hugetlb, { "2MB": { usage: 4194304, failcnt: 5 } });
  assert.equal(all(without("hugetlb.2MB.rsvd.current")).hugetlb, { "2MB": { usage: 2097152, failcnt: 5 } });
});

test("processes are counted where the controller is not there; no limit is no figure", () => {
  assert.equal(all(files).pids, { current: 3, limit: 100 });
  assert.equal(all({ ...files, "pids.max": "max\n" }).pids, { current: 3 });
  assert.equal(all(without("pids.current", "pids.max"), 7).pids, { current: 7 });
});

test("a cgroup without controllers is runc's shape with nothing in it", () => {
  const cpuset =
    '"cpuset":{"cpu_exclusive":0,"mem_hardwall":0,"mem_exclusive":0,"memory_migrate":0,"memory_spread_page":0,"memory_spread_slab":0,"memory_pressure":0,"sched_load_balance":0,"sched_relax_domain_level":0}';
  const none = '{"limit":0,"failcnt":0}';
  assert.is(
    writeJson(all({})),
    `{"cpu":{"usage":{"kernel":0,"user":0},"throttling":{}},${cpuset},"memory":{"usage":${none},"swap":${none},"kernel":${none},"kernelTCP":${none}},"pids":{},"blkio":{},"hugetlb":{},"intel_rdt":{},"network_interfaces":null}`,
  );
});

test.run();
