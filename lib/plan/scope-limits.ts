// SPDX-License-Identifier: Apache-2.0

/** The limits in systemd's words: systemd.resource-control(5). */

import type { Step } from "./step.ts";

/** Name, signature and values, each as a text; an array's values begin with their number, as busctl(1) has it. */
export type Property = readonly [name: string, signature: string, ...values: string[]];

/** UINT64_MAX, systemd's infinity */
const infinity = "18446744073709551615";

/** The kernel also reads 64M and the like; undefined for what it will refuse. */
export function amount(value: string): string | undefined {
  if (value === "max") return infinity;
  const [, number, unit] = /^(\d+)([kmgtpe]?)$/i.exec(value) ?? [];
  if (number === undefined) return undefined;
  return `${BigInt(number) << BigInt(10 * " kmgtpe".indexOf((unit || " ").toLowerCase()))}`;
}

/** There where the kernel has the BFQ scheduler. */
export const bfqWeight = "io.bfq.weight";

/** Files that hold one number. */
const amounts: Readonly<Record<string, string>> = {
  "memory.max": "MemoryMax",
  "memory.high": "MemoryHigh",
  "memory.low": "MemoryLow",
  "memory.min": "MemoryMin",
  "memory.swap.max": "MemorySwapMax",
  "memory.zswap.max": "MemoryZSwapMax",
  "cpu.weight": "CPUWeight",
  "pids.max": "TasksMax",
};

const rates: Readonly<Record<string, string>> = {
  rbps: "IOReadBandwidthMax",
  wbps: "IOWriteBandwidthMax",
  riops: "IOReadIOPSMax",
  wiops: "IOWriteIOPSMax",
};

/** systemd writes a quota down in whole percents, and rounds off: so it is rounded up before. */
const percent = 10_000n;

function quota(value: string): readonly Property[] {
  const [, share, period] = /^(max|\d+)(?: +([1-9]\d*))?$/.exec(value) ?? [];
  if (share === undefined) return [];
  const length = BigInt(period ?? 100_000);
  const each = share === "max" ? undefined : (BigInt(share) * 1_000_000n) / length;
  const rounded = each === undefined ? infinity : `${((each + percent - 1n) / percent) * percent}`;
  return [
    ...(period === undefined ? [] : [["CPUQuotaPeriodUSec", "t", period] as const]),
    ["CPUQuotaPerSecUSec", "t", rounded],
  ];
}

/** No machine has as many processors or memory nodes. */
const highest = 65_535;

/** "0-2,7" as the kernel reads it: of "0-31:2/4" the first two of every four. */
const range = /^(\d{1,5})(?:-(\d{1,5})(?::(\d{1,5})\/([1-9]\d{0,4}))?)?$/;

/** The bytes of a bit set; none of no numbers, which is systemd's word for all. Undefined for what it cannot say. */
function bitSet(list: string): readonly string[] | undefined {
  const bytes: number[] = [];
  for (const part of list.split(/[,\s]+/).filter((word) => word !== "")) {
    const [match, first = "", last = first, used = "1", group = "1"] = range.exec(part) ?? [];
    if (match === undefined || Number(last) > highest) return undefined;
    for (let bit = Number(first); bit <= Number(last); bit++)
      if ((bit - Number(first)) % Number(group) < Number(used))
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return [`${bytes.length}`, ...Array.from(bytes, (byte) => `${byte ?? 0}`)];
}

function cpuset(name: string, value: string): readonly Property[] {
  const bits = bitSet(value);
  return bits ? [[name, "ay", ...bits]] : [];
}

/** Values for devices: systemd has one property for all devices, cgroup v2 a line for each. */
type Devices = Map<string, [device: string, value: string][]>;

function addDevice(devices: Devices, name: string, device: string, value: string): void {
  const number = amount(value);
  if (number !== undefined)
    devices.set(name, [...(devices.get(name) ?? []), [`/dev/block/${device}`, number]]);
}

/**
 * BFQ's weight (1 to 1000) as systemd's, which goes to 10000: it makes BFQ's of its own by two straight lines that meet
 * in both defaults, 100, and so comes back to this very number.
 */
function ofBfq(weight: string): string {
  const number = Number(weight);
  return number <= 100 ? weight : `${100 + (number - 100) * 11}`;
}

function weight(value: string, devices: Devices, own: (weight: string) => string): readonly Property[] {
  const [first = "", second] = value.trim().split(/\s+/);
  const number = second ?? first;
  if (!/^\d+$/.test(number)) return [];
  if (second === undefined || first === "default") return [["IOWeight", "t", own(number)]];
  addDevice(devices, "IODeviceWeight", first, own(number));
  return [];
}

function throttle(value: string, devices: Devices): void {
  const [device = "", ...limits] = value.trim().split(/\s+/);
  for (const limit of limits) {
    const [key = "", rate = ""] = limit.split("=");
    const name = rates[key];
    if (name !== undefined) addDevice(devices, name, device, rate);
  }
}

function propertiesOf(file: string, value: string, devices: Devices): readonly Property[] {
  const name = amounts[file];
  if (name !== undefined) {
    const number = amount(value.trim());
    if (number === undefined) return [];
    // one process is the least that systemd limits to; it makes no difference to a container, which is one
    return [[name, "t", name === "TasksMax" && number === "0" ? "1" : number]];
  }
  switch (file) {
    case "memory.oom.group":
      return value === "1" || value === "0" ? [["OOMPolicy", "s", value === "1" ? "kill" : "continue"]] : [];
    case "cpu.idle": // a weight of 0 is its word for idle, since systemd 252
      return value === "1" ? [["CPUWeight", "t", "0"]] : [];
    case "cpu.max":
      return quota(value.trim());
    case "cpuset.cpus":
      return cpuset("AllowedCPUs", value);
    case "cpuset.mems":
      return cpuset("AllowedMemoryNodes", value);
    case "io.weight":
      return weight(value, devices, (number) => number);
    case bfqWeight:
      return weight(value, devices, ofBfq);
    case "io.max":
      throttle(value, devices);
  }
  return []; // systemd knows nothing of it: the file alone says so
}

/** What a step writes; of two files the one that is there. */
function written(step: Step, hasBfq: boolean): readonly [file: string, value: string] | undefined {
  if (step.op === "writeCgroup" || step.op === "writeCgroupPresent") return [step.file, step.value];
  if (step.op !== "writeCgroupEither") return undefined;
  const at = step.files[0] === bfqWeight && !hasBfq ? 1 : 0;
  return [step.files[at] ?? "", step.values[at] ?? ""];
}

/** What the steps that write limits mean to systemd; the later of two for one thing wins, as it does in the files. */
export function limitProperties(steps: readonly Step[], hasBfq: boolean): readonly Property[] {
  const devices: Devices = new Map();
  const found = new Map<string, Property>();
  for (const step of steps) {
    const [file, value] = written(step, hasBfq) ?? [];
    if (file === undefined || value === undefined) continue;
    for (const property of propertiesOf(file, value, devices)) found.set(property[0], property);
  }
  for (const [name, list] of devices) found.set(name, [name, "a(st)", `${list.length}`, ...list.flat()]);
  return [...found.values()];
}

/**
 * What the oldest systemd that we work with (244) does not know, and would refuse the whole call for: of 253, and the
 * weight of 0 and the policy of scopes, of 252.
 */
export const isNewer = ([name, , value]: Property): boolean =>
  name === "MemoryZSwapMax" || name === "OOMPolicy" || (name === "CPUWeight" && value === "0");
