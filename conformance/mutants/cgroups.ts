// SPDX-License-Identifier: Apache-2.0

/** A cgroup in another place, or of somebody else. */

import { chownSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterCreate, configOf, inConfig } from "./faults.ts";
import type { Mutant } from "./mutant.ts";

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
];
