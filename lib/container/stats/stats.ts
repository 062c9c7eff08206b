// SPDX-License-Identifier: Apache-2.0

/** What a container uses, in the form of runc's `events` (its types/events.go). */

import {
  type Figure,
  figure,
  flatKeyed,
  nestedKeyed,
  type Pressure,
  plus,
  pressure,
  times,
} from "./figures.ts";
import type { IntelRdt } from "./intel-rdt.ts";

/** A figure that is 0 is left out where it is optional. */
export interface Stats {
  readonly cpu: {
    /** nanoseconds; runc's figures for each processor are cgroup v1's */
    readonly usage: { readonly total?: Figure; readonly kernel: Figure; readonly user: Figure };
    readonly throttling: {
      readonly periods?: Figure;
      readonly throttledPeriods?: Figure;
      /** nanoseconds */
      readonly throttledTime?: Figure;
    };
    readonly psi?: Pressure;
  };
  readonly cpuset: typeof cpuset;
  readonly memory: {
    readonly cache?: Figure;
    readonly usage: MemoryUsage;
    /** memory and swap together, as cgroup v1 counted */
    readonly swap: MemoryUsage;
    readonly kernel: MemoryUsage;
    readonly kernelTCP: MemoryUsage;
    /** memory.stat */
    readonly raw?: Readonly<Record<string, Figure>>;
    readonly psi?: Pressure;
  };
  readonly pids: { readonly current?: Figure; readonly limit?: Figure };
  readonly blkio: {
    readonly ioServiceBytesRecursive?: readonly BlockIo[];
    readonly ioServicedRecursive?: readonly BlockIo[];
    readonly psi?: Pressure;
  };
  /** by page size: "2MB" */
  readonly hugetlb: Readonly<Record<string, { readonly usage?: Figure; readonly failcnt: Figure }>>;
  readonly intel_rdt: IntelRdt;
  /** runc has them of interfaces that it made itself, which no OCI config asks for */
  readonly network_interfaces: null;
}

/** Bytes; no limit is 2⁶⁴ - 1. */
export interface MemoryUsage {
  readonly limit: Figure;
  readonly usage?: Figure;
  readonly max?: Figure;
  /** how often the limit was met */
  readonly failcnt: Figure;
}

/** Bytes or operations of one device. */
export interface BlockIo {
  readonly major?: number;
  readonly minor?: number;
  readonly op: "Read" | "Write";
  readonly value?: Figure;
}

/** The text of a file of the cgroup; undefined when there is none. */
export type ReadCgroup = (file: string) => string | undefined;

/** Figures of cgroup v1 that v2 does not have; runc fills them with 0, too. */
const cpuset = {
  cpu_exclusive: 0,
  mem_hardwall: 0,
  mem_exclusive: 0,
  memory_migrate: 0,
  memory_spread_page: 0,
  memory_spread_slab: 0,
  memory_pressure: 0,
  sched_load_balance: 0,
  sched_relax_domain_level: 0,
} as const;

const noMemory: MemoryUsage = { limit: 0, failcnt: 0 };

type Psi = { readonly psi?: Pressure };

function psi(read: ReadCgroup, file: string): Psi {
  const found = pressure(read(file));
  return found === undefined ? {} : { psi: found };
}

function cpu(read: ReadCgroup): Stats["cpu"] {
  const stat = flatKeyed(read("cpu.stat"));
  const nanoseconds = (key: string) => times(stat.get(key) ?? 0, 1000);
  const [total, throttledTime] = [nanoseconds("usage_usec"), nanoseconds("throttled_usec")];
  const [periods, throttledPeriods] = [stat.get("nr_periods"), stat.get("nr_throttled")];
  return {
    usage: {
      ...(total ? { total } : {}),
      kernel: nanoseconds("system_usec"),
      user: nanoseconds("user_usec"),
    },
    throttling: {
      ...(periods ? { periods } : {}),
      ...(throttledPeriods ? { throttledPeriods } : {}),
      ...(throttledTime ? { throttledTime } : {}),
    },
    ...psi(read, "cpu.pressure"),
  };
}

function memoryUsage(limit: Figure, usage: Figure, max: Figure, failcnt: Figure): MemoryUsage {
  return { limit, ...(usage ? { usage } : {}), ...(max ? { max } : {}), failcnt };
}

function memory(read: ReadCgroup): Stats["memory"] {
  const stat = flatKeyed(read("memory.stat"));
  const current = read("memory.current");
  // the controller is not there, or not for this cgroup
  if (current === undefined)
    return {
      ...{ usage: noMemory, swap: noMemory, kernel: noMemory, kernelTCP: noMemory },
      ...psi(read, "memory.pressure"),
    };
  const met = (file: string) => flatKeyed(read(file)).get("max") ?? 0;
  const used = figure(current);
  const limit = figure(read("memory.max"));
  const cache = stat.get("file");
  return {
    ...(cache ? { cache } : {}),
    // memory.peak is there since Linux 5.19
    usage: memoryUsage(limit, used, figure(read("memory.peak")), met("memory.events")),
    swap: memoryUsage(
      // without swap in the kernel there is no file, and the limit is that of memory
      plus(figure(read("memory.swap.max")), limit),
      plus(figure(read("memory.swap.current")), used),
      0, // the peak of a sum is not the sum of the peaks
      met("memory.swap.events"),
    ),
    kernel: noMemory,
    kernelTCP: noMemory,
    ...(stat.size === 0 ? {} : { raw: Object.fromEntries([...stat].sort(([a], [b]) => (a < b ? -1 : 1))) }),
    ...psi(read, "memory.pressure"),
  };
}

const bytes = { rbytes: "Read", wbytes: "Write" } as const;
const operations = { rios: "Read", wios: "Write" } as const;

function blockIo(read: ReadCgroup): Stats["blkio"] {
  const devices = nestedKeyed(read("io.stat"));
  const entries = (kinds: Readonly<Record<string, BlockIo["op"]>>): readonly BlockIo[] =>
    devices.flatMap(([device, values]) => {
      const [, major, minor] = /^(\d+):(\d+)$/.exec(device) ?? [];
      if (major === undefined || minor === undefined) return [];
      const numbers = {
        ...(Number(major) ? { major: Number(major) } : {}),
        ...(Number(minor) ? { minor: Number(minor) } : {}),
      };
      return Object.entries(kinds).flatMap(([key, op]) => {
        const value = values.get(key);
        if (value === undefined) return [];
        return [{ ...numbers, op, ...(figure(value) ? { value: figure(value) } : {}) }];
      });
    });
  const [serviceBytes, serviced] = [entries(bytes), entries(operations)];
  return {
    ...(serviceBytes.length > 0 ? { ioServiceBytesRecursive: serviceBytes } : {}),
    ...(serviced.length > 0 ? { ioServicedRecursive: serviced } : {}),
    ...psi(read, "io.pressure"),
  };
}

function hugetlb(read: ReadCgroup, files: readonly string[]): Stats["hugetlb"] {
  const sizes = files.flatMap((file) => /^hugetlb\.([^.]+)\.current$/.exec(file)?.[1] ?? []);
  return Object.fromEntries(
    sizes.sort().map((size) => {
      // reserved pages are charged before they are used; hugetlb.*.rsvd is there since Linux 5.7
      const usage = figure(read(`hugetlb.${size}.rsvd.current`) ?? read(`hugetlb.${size}.current`));
      const failcnt = flatKeyed(read(`hugetlb.${size}.events`)).get("max") ?? 0;
      return [size, { ...(usage ? { usage } : {}), failcnt }];
    }),
  );
}

/** `files` are the names in the cgroup's folder; `count` says how many processes are below it. */
export function statsOf(
  read: ReadCgroup,
  files: readonly string[],
  count: () => number,
  intel_rdt: IntelRdt = {},
): Stats {
  const pids = read("pids.current");
  const current = pids === undefined ? count() : figure(pids);
  const limit = read("pids.max")?.trim() === "max" ? 0 : figure(read("pids.max"));
  return {
    cpu: cpu(read),
    cpuset,
    memory: memory(read),
    pids: { ...(current ? { current } : {}), ...(limit ? { limit } : {}) },
    blkio: blockIo(read),
    hugetlb: hugetlb(read, files),
    intel_rdt,
    network_interfaces: null,
  };
}
