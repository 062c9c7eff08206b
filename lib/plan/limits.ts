// SPDX-License-Identifier: Apache-2.0

/** linux.resources as values of files of cgroup v2; those of devices are in device-limits.ts. */

import type { CPU, Memory, Pids, Resources } from "../config/types.ts";
import { escapeToken } from "../json.ts";
import { blockIoSteps, hugePageSteps, rdmaSteps } from "./device-limits.ts";
import type { Step } from "./step.ts";

const pointer = "/linux/resources";

function write(from: string, file: string, value: string): Step {
  return { op: "writeCgroup", from: pointer + from, file, value };
}

/** "max" for -1, which the spec has for unlimited. */
function limit(value: number | bigint): string {
  return value < 0 ? "max" : `${value}`;
}

/** 0 is what engines send for "not asked for", as cgroup v1 had it. */
function given(value: number | bigint | undefined): value is number | bigint {
  return value !== undefined && value !== 0;
}

/**
 * cpu.shares (2 to 262144, 1024 by default) as cpu.weight (1 to 10000, 100 by default): the curve through
 * these three points that runc and crun agreed on in 2025, kubernetes/enhancements 2254.
 */
export function cpuWeight(shares: number | bigint): number {
  const number = Number(shares);
  if (number <= 2) return 1;
  if (number >= 262144) return 10000;
  const l = Math.log2(number);
  return Math.ceil(10 ** ((l * l + 125 * l) / 612 - 7 / 34));
}

/** A kernel that does not count swap has no file; then there is none to allow or to deny, as runc has it. */
function swapStep(from: string, value: string): Step {
  const [op, file] = ["writeCgroupPresent", "memory.swap.max"] as const;
  return value === "max" || value === "0"
    ? { op, from: pointer + from, file, value }
    : write(from, file, value);
}

function memorySteps(memory: Memory): readonly Step[] {
  const steps: Step[] = [];
  const { limit: bytes, swap, reservation } = memory;
  if (given(swap)) {
    // the spec's swap is memory and swap together, cgroup v2's is swap alone
    const alone = swap < 0 || !given(bytes) || bytes < 0 ? swap : BigInt(swap) - BigInt(bytes);
    steps.push(swapStep("/memory/swap", limit(alone)));
  } else if (given(bytes) && bytes < 0) steps.push(swapStep("/memory/limit", "max"));
  if (given(bytes)) steps.push(write("/memory/limit", "memory.max", limit(bytes)));
  if (given(reservation)) steps.push(write("/memory/reservation", "memory.low", limit(reservation)));
  return steps;
}

function cpuSteps(cpu: CPU): readonly Step[] {
  const steps: Step[] = [];
  const { quota, period, burst, shares, idle } = cpu;
  if (idle !== undefined) steps.push(write("/cpu/idle", "cpu.idle", `${idle}`));
  // an idle group has no weight: the kernel would refuse it
  if (given(shares) && !idle) steps.push(write("/cpu/shares", "cpu.weight", `${cpuWeight(shares)}`));
  if (given(quota) || given(period)) {
    const [from, share] = given(quota) ? ["/cpu/quota", limit(quota)] : ["/cpu/period", "max"];
    steps.push(write(from, "cpu.max", given(period) ? `${share} ${period}` : share));
  }
  // after the quota, which it may not exceed; 0 is what a kernel without it (before 5.14) does
  if (given(burst)) steps.push(write("/cpu/burst", "cpu.max.burst", `${burst}`));
  else if (burst !== undefined)
    steps.push({ op: "writeCgroupPresent", from: `${pointer}/cpu/burst`, file: "cpu.max.burst", value: "0" });
  if (cpu.cpus) steps.push(write("/cpu/cpus", "cpuset.cpus", cpu.cpus));
  if (cpu.mems) steps.push(write("/cpu/mems", "cpuset.mems", cpu.mems));
  return steps;
}

function pidsSteps({ limit: count }: Pids): readonly Step[] {
  // 0 is a limit since runtime-spec 1.3
  return count === undefined ? [] : [write("/pids/limit", "pids.max", limit(count))];
}

const processFile = "pids.max";

/** The limit of processes, the one in unified last, since that wins. */
export function processSteps({ pids, unified }: Resources): readonly Step[] {
  const value = unified?.[processFile];
  return [
    ...(pids ? pidsSteps(pids) : []),
    ...(value === undefined ? [] : unifiedSteps([processFile, value])),
  ];
}

/** All limits but that of processes. Those in unified come last, since they win, as with runc and crun. */
export function limitSteps(resources: Resources): readonly Step[] {
  return [
    ...(resources.memory ? memorySteps(resources.memory) : []),
    ...(resources.cpu ? cpuSteps(resources.cpu) : []),
    ...(resources.blockIO ? blockIoSteps(resources.blockIO) : []),
    ...hugePageSteps(resources.hugepageLimits ?? []),
    ...rdmaSteps(resources.rdma ?? {}),
    ...Object.entries(resources.unified ?? {})
      .filter(([file]) => file !== processFile)
      .flatMap(unifiedSteps),
  ];
}

/** A line for each write: the kernel reads one at a time. An empty one would be a limit of 0 to some files. */
function unifiedSteps([file, value]: readonly [file: string, value: string]): readonly Step[] {
  const lines = value.split("\n").filter((line) => line !== "");
  return (lines.length > 0 ? lines : [""]).map((line) => write(`/unified/${escapeToken(file)}`, file, line));
}

/** Which controllers the resources need, each with the pointer of the value that asks for it. */
export function neededControllers(resources: Resources): ReadonlyMap<string, string> {
  const needed = new Map<string, string>();
  for (const step of [...limitSteps(resources), ...processSteps(resources)]) {
    const file =
      step.op === "writeCgroup" ? step.file : step.op === "writeCgroupEither" ? step.files[0] : undefined;
    // the kernel's figures of pressure are in each cgroup, whatever controllers it has
    if (file === undefined || file.endsWith(".pressure")) continue;
    const [controller = ""] = file.split(".");
    if (controller !== "cgroup" && !needed.has(controller)) needed.set(controller, step.from);
  }
  return needed;
}
