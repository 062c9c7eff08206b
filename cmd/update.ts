// SPDX-License-Identifier: Apache-2.0

import { update } from "../lib/container/update.ts";
import type { Host, Json } from "../lib/host.ts";
import { parseJson } from "../lib/json.ts";
import { type Call, command, usageError } from "./flags.ts";

const limit = 1 << 20;

/** As runc and Docker write them: 512, 10k, 64M, 1g; a unit is 1024 of the one before. */
export function sizeOf(text: string): number | bigint | undefined {
  if (text === "-1") return -1;
  const [, number, unit] = /^(\d{1,19})([kmgt]?)i?b?$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  const bytes = BigInt(number) << BigInt(10 * " kmgt".indexOf((unit || " ").toLowerCase()));
  return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : bytes;
}

function numberOf(text: string): number | bigint | undefined {
  return /^-?\d{1,19}$/.test(text)
    ? Number.isSafeInteger(Number(text))
      ? Number(text)
      : BigInt(text)
    : undefined;
}

const asText = (text: string): string => text;

/** Each flag with its place in the spec's resources. */
const places = {
  memory: ["memory", "limit", sizeOf],
  "memory-reservation": ["memory", "reservation", sizeOf],
  "memory-swap": ["memory", "swap", sizeOf],
  "cpu-period": ["cpu", "period", numberOf],
  "cpu-quota": ["cpu", "quota", numberOf],
  "cpu-burst": ["cpu", "burst", numberOf],
  "cpu-share": ["cpu", "shares", numberOf],
  "cpu-idle": ["cpu", "idle", numberOf],
  "cpuset-cpus": ["cpu", "cpus", asText],
  "cpuset-mems": ["cpu", "mems", asText],
  "pids-limit": ["pids", "limit", numberOf],
  "blkio-weight": ["blockIO", "weight", numberOf],
} as const;

function fromFlags(call: Call): Json {
  const resources: { [group: string]: { [name: string]: Json } } = {};
  for (const [flag, [group, name, read]] of Object.entries(places)) {
    const text = call.text(flag);
    if (text === undefined) continue;
    const value = read(text);
    if (value === undefined) throw usageError(`--${flag}: found ${JSON.stringify(text)}`);
    resources[group] = { ...resources[group], [name]: value };
  }
  return resources;
}

function fromFile(host: Host, file: string): Json {
  const path = file === "-" ? "/dev/stdin" : file;
  return parseJson(host, host.readFile(path, limit)).value;
}

const size = (about: string) =>
  ({ kind: "string", value: "BYTES", about: `${about}; k, m and g are units, -1 is none` }) as const;
const number = (about: string) => ({ kind: "string", value: "N", about }) as const;
const list = (about: string) => ({ kind: "string", value: "LIST", about }) as const;

export default command({
  name: "update",
  about: "give a container other limits",
  description: [
    "A value that the kernel refuses leaves all limits as they were. Device rules stay as they are.",
  ],
  arguments: [{ name: "id", about: "the container's name" }],
  flags: {
    resources: {
      kind: "string",
      alias: "r",
      value: "FILE",
      about: "linux.resources as JSON, - for standard input; the other flags are then not looked at",
    },
    memory: size("memory"),
    "memory-reservation": size("memory that is the container's even when there is little"),
    "memory-swap": size("memory and swap together"),
    "cpu-period": number("microseconds of the period in which the quota is counted"),
    "cpu-quota": number("microseconds of processor time in each period; -1 is none"),
    "cpu-burst": number("microseconds that may be saved up beyond the quota"),
    "cpu-share": number("share of processor time relative to others"),
    "cpu-idle": number("1 to run only when nobody else wants to, 0 not to"),
    "cpuset-cpus": list("processors to run on"),
    "cpuset-mems": list("memory nodes to use"),
    "pids-limit": number("processes at most; -1 is no limit"),
    "blkio-weight": number("weight of its block input and output, 10 to 1000"),
  },
  async run(call) {
    const { host, runtime, words } = call;
    const file = call.text("resources");
    const found = file === undefined ? fromFlags(call) : fromFile(host, file);
    await update(runtime, words[0] ?? "", found, file ?? "the command line");
    return 0;
  },
});
