// SPDX-License-Identifier: Apache-2.0

/** A cgroup in another place, or limits that are forgotten. */

import { chownSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Linux } from "./config.ts";
import { afterCreate, configOf, inConfig } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

type Resources = NonNullable<Linux["resources"]>;

const inResources = (change: (resources: Resources) => unknown): Fault =>
  inConfig(({ linux }) => linux?.resources && change(linux.resources));

/** A property of one controller is forgotten; with it the controller where that was all. */
const dropping = (controller: string, property: string): Fault =>
  inResources((resources) => {
    const settings = resources[controller];
    delete settings?.[property];
    if (settings && Object.keys(settings).length === 0) delete resources[controller];
  });

const tree = "/sys/fs/cgroup";

/** The folder of a process's cgroup in the tree of version 2. */
const folderOf = (pid: number) =>
  `${tree}${readFileSync(`/proc/${pid}/cgroup`, "utf8").match(/^0::(.*)$/m)?.[1] ?? ""}`;

export const cgroups: readonly Mutant[] = [
  {
    name: "cgroups-path-ignored",
    about: "The container's cgroup is where the runtime likes it.",
    breaks: ["cgroups.path-absolute"],
    fault: inConfig(({ linux }) => delete linux?.cgroupsPath),
  },
  {
    name: "cgroup-left-empty",
    about: "The cgroup is made, but the container's process is not in it.",
    breaks: ["lifecycle.environment", "cgroups.created"],
    fault: afterCreate((_root, _call, pid) => {
      writeFileSync(`${dirname(folderOf(pid))}/cgroup.procs`, String(pid));
    }),
  },
  {
    name: "existing-cgroup-replaced",
    about: "A cgroup that exists is removed and made anew.",
    breaks: ["cgroups.existing"],
    fault: inConfig(({ linux }) => {
      try {
        rmdirSync(`${tree}${linux?.cgroupsPath}`);
      } catch {
        // There is none, or it has members.
      }
    }),
  },
  {
    name: "cgroup-always-given-away",
    about: "The owner of the cgroup changes although the container has no writable cgroup file system.",
    breaks: ["cgroups.owner-unchanged", "cgroups.owner-namespace"],
    fault: afterCreate((_root, call, pid) => {
      const { user } = configOf(call)?.process ?? {};
      const folder = folderOf(pid);
      chownSync(folder, user?.uid || 1000, user?.gid || 1000);
    }),
  },
  {
    name: "memory-limit-ignored",
    about: "memory.limit has no effect, nor is it an error where there is no controller.",
    breaks: ["resources.memory-limit", "resources.missing-controller"],
    fault: dropping("memory", "limit"),
  },
  {
    name: "memory-swap-ignored",
    about: "memory.swap has no effect.",
    breaks: ["resources.memory-swap"],
    fault: dropping("memory", "swap"),
  },
  {
    name: "memory-swap-alone",
    about: "memory.swap is taken for the limit of swap alone, as cgroup v2 has it, not of both together.",
    breaks: ["resources.memory-swap"],
    fault: inResources(({ memory }) => {
      if (memory?.swap && memory.limit) memory.swap = Number(memory.swap) + Number(memory.limit);
    }),
  },
  {
    name: "cpu-quota-ignored",
    about: "cpu.quota has no effect.",
    breaks: ["resources.cpu-quota"],
    fault: dropping("cpu", "quota"),
  },
  {
    name: "cpu-shares-ignored",
    about: "cpu.shares has no effect.",
    breaks: ["resources.cpu-shares"],
    fault: dropping("cpu", "shares"),
  },
  {
    name: "cpus-ignored",
    about: "cpu.cpus has no effect.",
    breaks: ["resources.cpu-cpus"],
    fault: dropping("cpu", "cpus"),
  },
  {
    name: "pids-limit-ignored",
    about: "pids.limit has no effect.",
    breaks: ["resources.pids-limit"],
    fault: dropping("pids", "limit"),
  },
  {
    name: "pids-zero-unlimited",
    about: "A pids.limit of 0 means none, as it did before version 1.3.",
    breaks: ["resources.pids-zero"],
    fault: inResources(({ pids }) => {
      if (pids?.limit === 0) pids.limit = -1;
    }),
  },
  {
    name: "unified-ignored",
    about: "unified has no effect.",
    breaks: ["resources.unified"],
    fault: inResources((resources) => delete resources.unified),
  },
  {
    name: "unknown-unified-skipped",
    about: "Files of unified that the cgroup does not have are passed over.",
    breaks: ["resources.unified-missing-file", "resources.unified-missing-controller"],
    fault: inResources((resources) => {
      for (const name of Object.keys(resources.unified ?? {})) {
        if (!/^cgroup\./.test(name)) delete resources.unified?.[name];
      }
    }),
  },
];
