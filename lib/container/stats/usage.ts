// SPDX-License-Identifier: Apache-2.0

/** What people want to know of two looks at a container: rates, shares of limits, and how long tasks stalled. */

import type { Status } from "../status.ts";
import { type Pressure, unlimited } from "./figures.ts";
import type { Stats } from "./stats.ts";

export interface Sample {
  readonly id: string;
  readonly status: Status;
  /** nanoseconds of CLOCK_MONOTONIC */
  readonly time: number;
  /** undefined for a container without a cgroup of its own */
  readonly stats: Stats | undefined;
  /** cgroup.controllers: what it has figures of */
  readonly controllers: ReadonlySet<string>;
  /** cpu.max; undefined without its controller */
  readonly quota: string | undefined;
}

/** null is what is not known: a rate at the first look, a figure whose controller is not there, no limit. */
export interface Usage {
  readonly id: string;
  readonly status: Status;
  /** of one processor: two that are busy are 200; the limit is quota by period */
  readonly cpu: { readonly percent: number | null; readonly limit: number | null };
  /** bytes; `used` is without what was read from files and not needed lately, `percent` is of the limit */
  readonly memory: {
    readonly used: number | null;
    readonly limit: number | null;
    readonly percent: number | null;
  };
  /** bytes, and bytes in a second */
  readonly blockIo: {
    readonly read: number | null;
    readonly written: number | null;
    readonly readRate: number | null;
    readonly writeRate: number | null;
  };
  readonly pids: { readonly current: number | null; readonly limit: number | null };
  /** percent of the last ten seconds that some task was stalled */
  readonly pressure: {
    readonly cpu: number | null;
    readonly memory: number | null;
    readonly io: number | null;
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

function memoryOf({ stats, controllers }: Sample): Usage["memory"] {
  if (stats === undefined || !controllers.has("memory")) return { used: null, limit: null, percent: null };
  const { usage, raw } = stats.memory;
  const used = Math.max(0, Number(usage.usage ?? 0) - Number(raw?.inactive_file ?? 0));
  // the limit may be 0, which is one
  const limit = usage.limit === unlimited ? null : Number(usage.limit);
  return { used, limit, percent: limit ? round((used / limit) * 100) : null };
}

function bytesOf(sample: Sample | undefined, kind: "Read" | "Write"): number | null {
  if (sample?.stats === undefined || !sample.controllers.has("io")) return null;
  const entries = (sample.stats.blkio.ioServiceBytesRecursive ?? []).filter(({ op }) => op === kind);
  return entries.reduce((sum, { value = 0 }) => sum + Number(value), 0);
}

/** Per second of the time between the two. */
function rate(before: number | null, now: number | null, seconds: number): number | null {
  return before === null || now === null || !(seconds > 0) ? null : Math.max(0, (now - before) / seconds);
}

function cpuTime(stats: Stats | undefined): number | null {
  return stats === undefined ? null : Number(stats.cpu.usage.total ?? 0);
}

/** "QUOTA PERIOD" in microseconds; a quota of "max" is none. */
function quotaPercent(text: string | undefined): number | null {
  const [, quota, period] = /^(\d+) ([1-9]\d*)\s*$/.exec(text ?? "") ?? [];
  return quota === undefined ? null : round((Number(quota) / Number(period)) * 100);
}

const stall = (psi: Pressure | undefined): number | null => psi?.some.avg10 ?? null;

/** `before` is an earlier look at the same container, if there was one. */
export function usageOf(before: Sample | undefined, now: Sample): Usage {
  const { id, status, stats } = now;
  const seconds = before === undefined ? 0 : (now.time - before.time) / 1e9;
  const busy = rate(cpuTime(before?.stats), cpuTime(stats), seconds);
  const [read, written] = [bytesOf(now, "Read"), bytesOf(now, "Write")];
  const whole = (value: number | null) => (value === null ? null : Math.round(value));
  return {
    ...{ id, status },
    cpu: { percent: busy === null ? null : round(busy / 1e7), limit: quotaPercent(now.quota) },
    memory: memoryOf(now),
    blockIo: {
      ...{ read, written },
      readRate: whole(rate(bytesOf(before, "Read"), read, seconds)),
      writeRate: whole(rate(bytesOf(before, "Write"), written, seconds)),
    },
    pids: {
      current: stats ? Number(stats.pids.current ?? 0) : null,
      limit: stats?.pids.limit === undefined ? null : Number(stats.pids.limit),
    },
    pressure: {
      cpu: stall(stats?.cpu.psi),
      memory: stall(stats?.memory.psi),
      io: stall(stats?.blkio.psi),
    },
  };
}

/** The same of all containers that are there now. */
export function usages(before: readonly Sample[], now: readonly Sample[]): readonly Usage[] {
  const earlier = new Map(before.map((one) => [one.id, one]));
  return now.map((one) => usageOf(earlier.get(one.id), one));
}
