// SPDX-License-Identifier: Apache-2.0

import { spawnSync } from "node:child_process";
import { getPriority, setPriority } from "node:os";
import { type Answers, act, type Case, type Cases, type Need, observe, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { hostCapability, path, program, root, without } from "../../needs.ts";
import { scheduling } from "../../questions.ts";

const sysNice: readonly Need[] = [root, hostCapability("CAP_SYS_NICE", 23)];

/** Groups without a real-time budget, cpusets and the admission control stop root, too. */
const permitted =
  (policy: string, ...flags: readonly string[]): Need =>
  () =>
    spawnSync("chrt", [...flags, "true"]).status === 0 ? undefined : `the host permits no ${policy}`;
const realTime = [...sysNice, program("chrt"), permitted("SCHED_FIFO", "-f", "1")];
const budget = ["-T", "2000000", "-D", "20000000", "-P", "20000000"];
const deadline = [...sysNice, program("chrt"), permitted("SCHED_DEADLINE", "-d", ...budget, "0")];

const clamps = path("/proc/sys/kernel/sched_util_clamp_min");

type Seen = Answers<{ scheduling: typeof scheduling }>["scheduling"];
type Expected = Partial<Seen>;
type Clauses = readonly [ClauseId, ...ClauseId[]];

function compare(seen: Seen, expected: Expected): void {
  const { policy, nice, priority, flags, runtime, deadline: until, period } = seen;
  const looked: Expected = { policy, nice, priority, flags, runtime, deadline: until, period };
  for (const [name, value] of Object.entries(expected))
    equal(name, Object.entries(looked).find(([key]) => key === name)?.[1], value);
}

const scheduled = (
  clauses: Clauses,
  scheduler: object,
  expected: Expected,
  needs: readonly Need[] = [],
): Case =>
  observe({
    clauses,
    needs,
    change: { "/process/scheduler": scheduler },
    ask: { scheduling },
    expect: (seen) => compare(seen.scheduling, expected),
  });

/** With a runtime whose nice value is 5. */
const fromNice = (clauses: Clauses, scheduler: object, expected: Expected): Case =>
  act({
    clauses,
    needs: sysNice,
    change: { "/process/scheduler": scheduler },
    run: async (stage) => {
      const before = getPriority();
      setPriority(5);
      try {
        compare((await stage.observe({ scheduling })).scheduling, expected);
      } finally {
        setPriority(before);
      }
    },
  });

const refused = (clause: ClauseId, scheduler: object, needs: readonly Need[] = []): Case =>
  refuse({ clauses: [clause], needs, at: "either", change: { "/process/scheduler": scheduler } });

const timed = { policy: "SCHED_DEADLINE", runtime: 2000000, deadline: 10000000 };
const flags = (...names: readonly string[]) => names.map((name) => `SCHED_FLAG_${name}`);

export default {
  other: scheduled(["process.scheduler"], { policy: "SCHED_OTHER" }, { policy: "SCHED_OTHER" }),
  batch: scheduled(["process.scheduler"], { policy: "SCHED_BATCH" }, { policy: "SCHED_BATCH" }),
  idle: scheduled(["process.scheduler"], { policy: "SCHED_IDLE" }, { policy: "SCHED_IDLE" }),
  fifo: scheduled(
    ["process.scheduler-priority", "process.scheduler"],
    { policy: "SCHED_FIFO", priority: 7 },
    { policy: "SCHED_FIFO", priority: 7 },
    realTime,
  ),
  "round-robin": scheduled(
    ["process.scheduler-priority", "process.scheduler"],
    { policy: "SCHED_RR", priority: 99 },
    { policy: "SCHED_RR", priority: 99 },
    realTime,
  ),
  // No kernel from kernel.org has had it.
  iso: refused("process.scheduler-invalid", { policy: "SCHED_ISO" }),
  unknown: refused("process.scheduler-invalid", { policy: "SCHED_CONFORMANCE" }),
  "no-policy": refused("process.scheduler-invalid", { nice: 1 }),
  "priority-of-other": refused("process.scheduler-invalid", { policy: "SCHED_OTHER", priority: 7 }),
  "priority-too-high": refused("process.scheduler-invalid", { policy: "SCHED_FIFO", priority: 100 }),
  nice: scheduled(["process.scheduler-nice"], { policy: "SCHED_OTHER", nice: 7 }, { nice: 7 }),
  "nice-of-batch": scheduled(
    ["process.scheduler-nice", "process.scheduler"],
    { policy: "SCHED_BATCH", nice: 19 },
    { policy: "SCHED_BATCH", nice: 19 },
  ),
  "nice-below-zero": scheduled(
    ["process.scheduler-nice"],
    { policy: "SCHED_OTHER", nice: -7 },
    { nice: -7 },
    sysNice,
  ),
  "nice-absent": fromNice(["process.scheduler-nice-default"], { policy: "SCHED_OTHER" }, { nice: 0 }),
  "priority-absent": refused("process.scheduler-priority-default", { policy: "SCHED_FIFO" }, realTime),
  "reset-on-fork": scheduled(
    ["process.scheduler-flags"],
    { policy: "SCHED_BATCH", flags: flags("RESET_ON_FORK") },
    { policy: "SCHED_BATCH", flags: 1 },
  ),
  "keep-policy": scheduled(
    ["process.scheduler-flags"],
    { policy: "SCHED_BATCH", nice: 3, flags: flags("KEEP_POLICY") },
    { policy: "SCHED_OTHER", nice: 3 },
  ),
  "keep-params": fromNice(
    ["process.scheduler-flags"],
    { policy: "SCHED_OTHER", nice: 9, flags: flags("KEEP_PARAMS") },
    { policy: "SCHED_OTHER", nice: 5 },
  ),
  "deadline-flags": scheduled(
    ["process.scheduler-flags"],
    { ...timed, period: 20000000, flags: flags("RECLAIM", "DL_OVERRUN") },
    { policy: "SCHED_DEADLINE", flags: 6 },
    deadline,
  ),
  clamps: scheduled(
    ["process.scheduler-flags"],
    { policy: "SCHED_BATCH", flags: flags("UTIL_CLAMP_MIN", "UTIL_CLAMP_MAX") },
    { policy: "SCHED_BATCH" },
    [clamps],
  ),
  "clamps-off": refused(
    "process.scheduler-flags-unknown",
    { policy: "SCHED_BATCH", flags: flags("UTIL_CLAMP_MIN", "UTIL_CLAMP_MAX") },
    [without(clamps, "the kernel has utilization clamping")],
  ),
  "unknown-flag": refused("process.scheduler-flags-unknown", {
    policy: "SCHED_OTHER",
    flags: flags("CONFORMANCE"),
  }),
  deadline: scheduled(
    ["process.scheduler-deadline", "process.scheduler"],
    { ...timed, period: 20000000 },
    { policy: "SCHED_DEADLINE", runtime: "2000000", deadline: "10000000", period: "20000000" },
    deadline,
  ),
  "deadline-without-runtime": refused(
    "process.scheduler-deadline-default",
    { policy: "SCHED_DEADLINE", deadline: 10000000, period: 20000000 },
    deadline,
  ),
  "deadline-before-runtime": refused(
    "process.scheduler-invalid",
    { ...timed, deadline: 1000000, period: 20000000 },
    deadline,
  ),
  "period-before-deadline": refused("process.scheduler-invalid", { ...timed, period: 5000000 }, deadline),
  "deadline-without-period": scheduled(
    ["process.scheduler-deadline-default"],
    timed,
    { policy: "SCHED_DEADLINE", runtime: "2000000", deadline: "10000000", period: "10000000" },
    deadline,
  ),
} satisfies Cases;
