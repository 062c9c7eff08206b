// SPDX-License-Identifier: Apache-2.0

/** What an update means beside the limits that are there: some values count only together with others. */

import { RuntsError } from "../errors.ts";
import type { Host, Json } from "../host.ts";
import { isObject } from "../json.ts";
import type { Reader } from "../plan/restore.ts";

const limit = 1 << 20;

/** The files of a cgroup. */
export function readerOf(host: Host, folder: string): Reader {
  return (file) => {
    try {
      return host.decode(host.readFile(`${folder}/${file}`, limit)).trim();
    } catch {
      return undefined; // its controller is not there, or not yet enabled; or it can only be written
    }
  };
}

type Amount = number | bigint;

const isAmount = (value: unknown): value is Amount => typeof value === "number" || typeof value === "bigint";

/** 0 is what engines send for "not asked for". */
const isGiven = (value: unknown): value is Amount => isAmount(value) && value !== 0;

const isSet = (text: string | undefined): text is string => text !== undefined && /^\d+$/.test(text);

/** config-linux.md#memory: swap counts memory and swap together, so each of the two goes with the other. */
function withPresentMemory(memory: { readonly [name: string]: Json }, read: Reader): typeof memory {
  const { limit: bytes, swap } = memory;
  const present = read("memory.max");
  if (!isSet(present)) return memory;
  if (isGiven(swap) && swap > 0 && !isGiven(bytes)) return { ...memory, limit: BigInt(present) };
  const alone = read("memory.swap.max");
  if (isGiven(swap) || !isGiven(bytes) || bytes < 0 || !isSet(alone)) return memory;
  const sum = BigInt(present) + BigInt(alone);
  if (typeof bytes === "number" && !Number.isInteger(bytes)) return memory; // the schema tells
  if (sum < BigInt(bytes))
    throw new RuntsError("system", {
      pointer: "/linux/resources/memory/limit",
      detail: `memory and swap together have a limit of ${sum} bytes, which is less than ${bytes}: give a new one for both`,
    });
  return { ...memory, swap: sum };
}

/** cpu.max has quota and period; a period alone would take the quota away. */
function withPresentQuota(cpu: { readonly [name: string]: Json }, read: Reader): typeof cpu {
  const { quota, period } = cpu;
  if (isGiven(quota) || !isGiven(period)) return cpu;
  const [present] = (read("cpu.max") ?? "").split(" ");
  return isSet(present) ? { ...cpu, quota: BigInt(present) } : cpu;
}

type JsonObject = { readonly [name: string]: Json };

const isJsonObject = (value: Json | undefined): value is { [name: string]: Json } => isObject(value);

/** The resources with the values that are there for those that are not given but count. */
export function withPresent(resources: Json, read: Reader): Json {
  if (!isJsonObject(resources)) return resources;
  const { memory, cpu } = resources;
  const found: JsonObject = {
    ...(isJsonObject(memory) && { memory: { ...withPresentMemory(memory, read) } }),
    ...(isJsonObject(cpu) && { cpu: { ...withPresentQuota(cpu, read) } }),
  };
  return { ...resources, ...found };
}

/** What cgroup v2 has nothing for and runc ignores in an update, though create refuses it. */
const ignored: readonly (readonly [group: string, name: string])[] = [
  ["memory", "kernel"],
  ["memory", "kernelTCP"],
  ["cpu", "realtimeRuntime"],
  ["cpu", "realtimePeriod"],
];

/** The resources without those; each one that was to be set is told. */
export function withoutVersion1(resources: Json, warn: (message: string) => void): Json {
  if (!isJsonObject(resources)) return resources;
  let kept = resources;
  for (const [group, name] of ignored) {
    const values = kept[group];
    if (!isJsonObject(values) || !Object.hasOwn(values, name)) continue;
    const { [name]: value, ...others } = values;
    if (value !== 0 && value !== -1) warn(`${group}.${name} is of cgroup v1 only and not set`);
    kept = { ...kept, [group]: others };
  }
  return kept;
}
