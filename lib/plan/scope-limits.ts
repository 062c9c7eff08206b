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

/** Files that hold one number. */
const amounts: Readonly<Record<string, string>> = {
  "memory.max": "MemoryMax",
  "memory.high": "MemoryHigh",
  "memory.low": "MemoryLow",
  "memory.min": "MemoryMin",
  "memory.swap.max": "MemorySwapMax",
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

/** A list of numbers such as "0-2,7" as the bytes of a bit set. */
function bitSet(list: string): readonly string[] {
  const bytes: number[] = [];
  for (const range of list.split(",")) {
    const [first = 0, last = first] = range.split("-").map(Number);
    if (last > highest) continue; // the kernel will refuse it
    for (let bit = first; bit <= last; bit++) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return [`${bytes.length}`, ...Array.from(bytes, (byte) => `${byte ?? 0}`)];
}

/** Values for devices: systemd has one property for all devices, cgroup v2 a line for each. */
type Devices = Map<string, [device: string, value: string][]>;

function addDevice(devices: Devices, name: string, device: string, value: string): void {
  const number = amount(value);
  if (number !== undefined)
    devices.set(name, [...(devices.get(name) ?? []), [`/dev/block/${device}`, number]]);
}

function weight(value: string, devices: Devices): readonly Property[] {
  const [first = "", second] = value.trim().split(/\s+/);
  if (second === undefined) return [["IOWeight", "t", first]];
  if (first === "default") return [["IOWeight", "t", second]];
  addDevice(devices, "IODeviceWeight", first, second);
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
    return number === undefined ? [] : [[name, "t", number]];
  }
  switch (file) {
    case "cpu.idle": // a weight of 0 is its word for idle, since systemd 252
      return value === "1" ? [["CPUWeight", "t", "0"]] : [];
    case "cpu.max":
      return quota(value.trim());
    case "cpuset.cpus":
      return [["AllowedCPUs", "ay", ...bitSet(value)]];
    case "cpuset.mems":
      return [["AllowedMemoryNodes", "ay", ...bitSet(value)]];
    case "io.weight":
      return weight(value, devices);
    case "io.max":
      throttle(value, devices);
  }
  return []; // systemd knows nothing of it: the file alone says so
}

/** What the steps that write limits mean to systemd; the later of two for one thing wins, as it does in the files. */
export function limitProperties(steps: readonly Step[]): readonly Property[] {
  const devices: Devices = new Map();
  const found = new Map<string, Property>();
  for (const step of steps) {
    const writes =
      step.op === "writeCgroup" || step.op === "writeCgroupPresent"
        ? [[step.file, step.value] as const]
        : step.op === "writeCgroupEither"
          ? step.files.map((file, i) => [file, step.values[i] ?? ""] as const)
          : [];
    for (const [file, value] of writes)
      for (const property of propertiesOf(file, value, devices)) found.set(property[0], property);
  }
  for (const [name, list] of devices) found.set(name, [name, "a(st)", `${list.length}`, ...list.flat()]);
  return [...found.values()];
}
