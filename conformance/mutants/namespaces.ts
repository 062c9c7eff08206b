// SPDX-License-Identifier: Apache-2.0

/** Namespaces that are not the ones of the config, and ids that are mapped otherwise. */

import { chownSync, existsSync, readdirSync, readlinkSync } from "node:fs";
import type { Linux } from "./config.ts";
import { inConfig } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

const inLinux = (change: (linux: Linux) => unknown): Fault => inConfig(({ linux }) => linux && change(linux));

type Entry = NonNullable<Linux["namespaces"]>[number];

/** Entries that do not pass are left out. */
const keeping = (passes: (entry: Entry, at: number, all: readonly Entry[]) => boolean): Fault =>
  inLinux((linux) => {
    if (linux.namespaces) linux.namespaces = linux.namespaces.filter(passes);
  });

/** One type is not supported, and nobody says so; path or not. */
const without = (type: string): Fault => keeping((entry) => entry.type !== type || entry.path !== undefined);

const types = ["pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"];
/** What /proc/PID/ns calls them. */
const links: Readonly<Record<string, string>> = { network: "net", mount: "mnt" };

function isOfType({ type = "", path = "" }: Entry): boolean {
  try {
    return readlinkSync(path).startsWith(`${links[type] ?? type}:`);
  } catch {
    return existsSync(path); // bound to a file: for the real runtime to see
  }
}

export const namespaces: readonly Mutant[] = [
  {
    name: "ipc-shared",
    about: "No IPC namespace is made.",
    breaks: ["namespaces.ipc", "namespaces.new"],
    fault: without("ipc"),
  },
  {
    name: "network-shared",
    about: "No network namespace is made.",
    breaks: ["namespaces.network", "namespaces.new"],
    fault: without("network"),
  },
  {
    name: "pids-shared",
    about: "No PID namespace is made.",
    breaks: ["namespaces.pid", "namespaces.new"],
    fault: without("pid"),
  },
  {
    name: "cgroups-shared",
    about: "No cgroup namespace is made.",
    breaks: ["namespaces.cgroup", "namespaces.new"],
    fault: without("cgroup"),
  },
  {
    name: "clocks-shared",
    about: "No time namespace is made, and its offsets are forgotten.",
    breaks: ["namespaces.time", "namespaces.new"],
    fault: inLinux((linux) => {
      linux.namespaces = linux.namespaces?.filter(({ type }) => type !== "time") ?? [];
      delete linux.timeOffsets;
    }),
  },
  {
    name: "network-always-new",
    about: "The container gets a network namespace of its own although nobody asked for it.",
    breaks: ["namespaces.inherit"],
    fault: inLinux(({ namespaces: list }) => {
      if (list && !list.some(({ type }) => type === "network")) list.push({ type: "network" });
    }),
  },
  {
    name: "namespace-path-ignored",
    about: "A new namespace is made where a path leads to one.",
    breaks: ["namespaces.path"],
    fault: inLinux(({ namespaces: list }) => list?.map((entry) => delete entry.path)),
  },
  {
    name: "namespace-path-missing-new",
    about: "A new namespace is made when there is none at the path.",
    breaks: ["namespaces.path-type"],
    fault: inLinux(({ namespaces: list }) => {
      for (const entry of list ?? []) if (entry.path && !existsSync(entry.path)) delete entry.path;
    }),
  },
  {
    name: "namespace-path-mistaken-new",
    about: "A new namespace is made when the one at the path is of another type.",
    breaks: ["namespaces.path-type"],
    fault: inLinux(({ namespaces: list }) => {
      for (const entry of list ?? []) if (entry.path && !isOfType(entry)) delete entry.path;
    }),
  },
  {
    name: "namespace-path-relative",
    about: "A relative path to a namespace is completed.",
    breaks: ["namespaces.path-absolute"],
    fault: inLinux(({ namespaces: list }) => {
      for (const entry of list ?? []) if (entry.path && !entry.path.startsWith("/")) delete entry.path;
    }),
  },
  {
    name: "second-namespace-ignored",
    about: "Of two entries with the same type the first one counts.",
    breaks: ["namespaces.duplicates"],
    fault: keeping((entry, at, all) => all.findIndex(({ type }) => type === entry.type) === at),
  },
  {
    name: "unknown-namespace-ignored",
    about: "An entry of an unknown type is passed over.",
    breaks: ["namespaces.type-valid"],
    fault: keeping(({ type = "" }) => types.includes(type)),
  },
  {
    name: "time-offsets-ignored",
    about: "timeOffsets has no effect.",
    breaks: ["namespaces.time-offset-monotonic", "namespaces.time-offset-boottime"],
    fault: inLinux((linux) => delete linux.timeOffsets),
  },
  {
    name: "time-offsets-swapped",
    about: "Each of the two clocks is shifted by the offset of the other one.",
    breaks: ["namespaces.time-offset-monotonic", "namespaces.time-offset-boottime"],
    fault: inLinux((linux) => {
      const { monotonic, boottime, ...others } = linux.timeOffsets ?? {};
      const swapped = { ...(boottime && { monotonic: boottime }), ...(monotonic && { boottime: monotonic }) };
      if (linux.timeOffsets) linux.timeOffsets = { ...others, ...swapped };
    }),
  },
  {
    name: "time-offsets-whole-seconds",
    about: "The nanoseconds of an offset are cut off.",
    breaks: ["namespaces.time-offset-nanosecs"],
    fault: inLinux(({ timeOffsets }) => {
      for (const offset of Object.values(timeOffsets ?? {})) delete offset.nanosecs;
    }),
  },
  {
    name: "uid-mapping-shifted",
    about: "User ids are mapped to others than the config says.",
    breaks: ["user-namespaces.uid-mappings"],
    fault: inLinux(({ uidMappings }) => {
      for (const mapping of uidMappings ?? []) mapping.hostID += 1000;
    }),
  },
  {
    name: "gid-mapping-from-uids",
    about: "Group ids are mapped as user ids are.",
    breaks: ["user-namespaces.gid-mappings"],
    fault: inLinux((linux) => {
      if (linux.uidMappings && linux.gidMappings) linux.gidMappings = structuredClone(linux.uidMappings);
    }),
  },
  {
    name: "first-mapping-only",
    about: "Of several mappings of ids only the first one is applied.",
    breaks: ["user-namespaces.several-entries"],
    fault: inLinux((linux) => {
      linux.uidMappings?.splice(1);
      linux.gidMappings?.splice(1);
    }),
  },
  {
    name: "rootfs-given-away",
    about: "The root filesystem is given to the ids that root is mapped to.",
    breaks: ["user-namespaces.spares-ownership"],
    fault: inConfig(({ linux, root }, bundle) => {
      const [uid, gid] = [linux?.uidMappings?.[0]?.hostID, linux?.gidMappings?.[0]?.hostID];
      if (uid === undefined || gid === undefined) return;
      const rootfs = `${bundle}/${root?.path}`;
      for (const name of [".", ...readdirSync(rootfs)]) chownSync(`${rootfs}/${name}`, uid, gid);
    }),
  },
  {
    name: "mappings-without-namespace-ignored",
    about: "Mappings of ids without a user namespace have no effect, nor are they an error.",
    breaks: ["user-namespaces.inapplicable"],
    fault: inLinux((linux) => {
      if (linux.namespaces?.some(({ type }) => type === "user")) return;
      delete linux.uidMappings;
      delete linux.gidMappings;
    }),
  },
];
