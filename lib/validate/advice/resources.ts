// SPDX-License-Identifier: Apache-2.0

import type { Config, Resources } from "../../config/types.ts";
import type { Advice } from "../finding.ts";

/** What the kernel takes for cpu.shares of cgroup v1, which cgroup v2's weight is computed from. */
const [leastShares, mostShares] = [2, 262144];

/** Microseconds; the kernel refuses what lies outside: sched/core.c, tg_set_cfs_bandwidth. */
const [leastQuota, leastPeriod, mostPeriod] = [1000, 1000, 1_000_000];

function cpuAdvice({ cpu }: Resources): readonly Advice[] {
  const advice: Advice[] = [];
  const { shares = 0, quota = 0, period = 0 } = cpu ?? {};
  const at = "/linux/resources/cpu";
  // 0 is not set
  if (shares > 0 && (shares < leastShares || shares > mostShares))
    advice.push({
      rule: "cpu-shares",
      pointer: `${at}/shares`,
      message: `shares go from ${leastShares} to ${mostShares}: this counts as ${shares < leastShares ? leastShares : mostShares}`,
      mend: "choose a value within these; 1024 is an ordinary share",
    });
  if (quota > 0 && quota < leastQuota)
    advice.push({
      rule: "cpu-quota",
      pointer: `${at}/quota`,
      message: `the kernel takes no quota below ${leastQuota} microseconds`,
      mend: `write microseconds per period: ${period || 100_000} is one whole CPU`,
    });
  if (period > 0 && (period < leastPeriod || period > mostPeriod))
    advice.push({
      rule: "cpu-period",
      pointer: `${at}/period`,
      message: `the kernel takes periods from ${leastPeriod} to ${mostPeriod} microseconds`,
      mend: "choose one within these; 100000 is usual",
    });
  return advice;
}

/** With less, runts-init and the program's first pages hardly fit in. */
const leastMemory = 1 << 20;

function memoryAdvice({ memory }: Resources): readonly Advice[] {
  const advice: Advice[] = [];
  const { limit = 0, reservation = 0 } = memory ?? {};
  const at = "/linux/resources/memory";
  if (limit > 0 && limit < leastMemory)
    advice.push({
      rule: "tiny-memory",
      pointer: `${at}/limit`,
      message: `${limit} bytes of memory: hardly a program starts in that`,
      mend: `limits are bytes: ${BigInt(limit) * 1048576n} for ${limit} MiB`,
    });
  if (limit > 0 && reservation > limit)
    advice.push({
      rule: "memory-reservation",
      pointer: `${at}/reservation`,
      message: "a reservation beyond the limit never takes effect",
      mend: `lower it below the limit, ${limit}`,
    });
  return advice;
}

export function resourceAdvice({ linux }: Config): readonly Advice[] {
  const { resources } = linux ?? {};
  return resources ? [...cpuAdvice(resources), ...memoryAdvice(resources)] : [];
}
