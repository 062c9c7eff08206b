// SPDX-License-Identifier: Apache-2.0

import { parseDocument } from "../lib/config/load.ts";
import { update } from "../lib/container/update.ts";
import { RuntsError } from "../lib/errors.ts";
import type { Host, Json } from "../lib/host.ts";
import { faultLine } from "../lib/wording.ts";
import { type Call, command, type Flag, usageError } from "./flags.ts";
import { numberOf, sizeOf } from "./size.ts";

/** As of a config.json. */
const limit = 16 << 20;

type Amount = number | bigint | undefined;

const countOf = (text: string): Amount => {
  const number = numberOf(text);
  return number !== undefined && number < 0 ? undefined : number;
};
const asText = (text: string): string => text;

/** Each flag with its place in the spec's resources. */
const places = {
  memory: ["memory", "limit", sizeOf],
  "memory-reservation": ["memory", "reservation", sizeOf],
  "memory-swap": ["memory", "swap", sizeOf],
  "kernel-memory": ["memory", "kernel", sizeOf],
  "kernel-memory-tcp": ["memory", "kernelTCP", sizeOf],
  "cpu-period": ["cpu", "period", countOf],
  "cpu-quota": ["cpu", "quota", numberOf],
  "cpu-burst": ["cpu", "burst", countOf],
  "cpu-share": ["cpu", "shares", countOf],
  "cpu-rt-period": ["cpu", "realtimePeriod", countOf],
  "cpu-rt-runtime": ["cpu", "realtimeRuntime", numberOf],
  "cpu-idle": ["cpu", "idle", numberOf],
  "cpuset-cpus": ["cpu", "cpus", asText],
  "cpuset-mems": ["cpu", "mems", asText],
  "pids-limit": ["pids", "limit", numberOf],
  "blkio-weight": ["blockIO", "weight", countOf],
} as const;

function fromFlags(call: Call): Json {
  const resources: { [group: string]: { [name: string]: Json } } = {};
  for (const [flag, [group, name, read]] of Object.entries(places)) {
    const text = call.text(flag);
    // an empty one is as none, as runc has it
    if (text === undefined || text === "") continue;
    const value = read(text);
    if (value === undefined) throw usageError(`invalid value for --${flag}: ${JSON.stringify(text)}`);
    resources[group] = { ...resources[group], [name]: value };
  }
  return resources;
}

/** The flag that asked for this: its own, or one that counts together with it; undefined where none did. */
function flagFor(call: Call, pointer: string): string | undefined {
  const [group, name] = pointer.split("/").slice(-2);
  const given = Object.entries(places).filter(
    ([flag, [of]]) => of === group && call.text(flag) !== undefined,
  );
  const found = given.find(([, [, called]]) => called === name) ?? given[0];
  return found && `--${found[0]}`;
}

/** Who has typed flags knows of no document. */
function inFlags(call: Call, error: unknown): unknown {
  if (!(error instanceof RuntsError)) return error;
  const { faults = [], pointer = faults[0]?.pointer ?? "" } = error.facts;
  const flag = flagFor(call, pointer);
  if (flag === undefined) return error;
  if (error.code !== "invalid")
    return new RuntsError(error.code, { ...error.facts, document: "flag", pointer: flag }, error.cause);
  const detail = faults.map((fault) =>
    faultLine({ ...fault, pointer: "" }, flagFor(call, fault.pointer) ?? fault.pointer),
  );
  return new RuntsError("usage", { pointer, detail: detail.join("; ") });
}

async function fromFile(host: Host, file: string): Promise<Json> {
  const bytes = host.readFile(file === "-" ? "/dev/stdin" : file, limit);
  return (await parseDocument(host, bytes, nameOf(file))).value;
}

const nameOf = (file: string): string => (file === "-" ? "standard input" : file);

const size = (about: string) =>
  ({ kind: "string", value: "BYTES", about: `${about}; k, m and g are units, -1 is none` }) as const;
const number = (about: string) => ({ kind: "string", value: "N", about }) as const;
const list = (about: string) => ({ kind: "string", value: "LIST", about }) as const;
const line = (about: string) => ({ kind: "string", value: "LINE", about }) as const;
/** Of cgroup v1: taken with a warning. */
const hidden = (flag: Flag) => ({ ...flag, hidden: true }) as const;

export default command({
  name: "update",
  about: "give a container other limits and device rules",
  description: [
    "What is not named stays as it is. When the kernel refuses a value, all limits are set back to what they were; one that cannot be set back is named in a warning.",
    "Device rules, which only --resources can give, take the place of all those before. The number 0 changes nothing, but for the number of processes.",
  ],
  arguments: [{ name: "id", about: "the container's name" }],
  flags: {
    resources: {
      kind: "string",
      alias: "r",
      value: "FILE",
      about: "linux.resources as JSON, - for standard input; other limits are then not looked at",
    },
    memory: size("memory"),
    "memory-reservation": size("memory that is the container's even when there is little"),
    "memory-swap": size("memory and swap together"),
    "kernel-memory": hidden(size("memory of the kernel")),
    "kernel-memory-tcp": hidden(size("memory of the kernel for TCP")),
    "cpu-period": number("microseconds of the period in which the quota is counted"),
    "cpu-quota": number("microseconds of processor time in each period; -1 is none"),
    "cpu-burst": number("microseconds that may be saved up beyond the quota"),
    "cpu-share": number("share of processor time relative to others"),
    "cpu-rt-period": number("cgroup v1 only, not set"),
    "cpu-rt-runtime": number("cgroup v1 only, not set"),
    "cpu-idle": number("1 to run only when nobody else wants to, 0 not to"),
    "cpuset-cpus": list("processors to run on"),
    "cpuset-mems": list("memory nodes to use"),
    "pids-limit": number("processes at most; -1 is no limit"),
    "blkio-weight": number("weight of its block input and output, 10 to 1000"),
    "l3-cache-schema": line("of its resctrl class, as L3:0=f"),
    "mem-bw-schema": line("of its resctrl class, as MB:0=50"),
  },
  async run(call) {
    const { host, runtime, words } = call;
    const file = call.text("resources");
    const resources = file === undefined ? fromFlags(call) : await fromFile(host, file);
    const lines = [call.text("l3-cache-schema"), call.text("mem-bw-schema")];
    const schemata = lines.filter((text) => text !== undefined);
    try {
      await update(runtime, words[0] ?? "", {
        resources,
        schemata,
        file: nameOf(file ?? "the command line"),
      });
    } catch (error) {
      throw file === undefined ? inFlags(call, error) : error;
    }
    return 0;
  },
});
