// SPDX-License-Identifier: Apache-2.0

import { keepsGroups } from "../config/groups.ts";
import type { IdMapping } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import type { Facts } from "./facts.ts";
import type { ProcessName, Step } from "./step.ts";

/** Lines of /proc/PID/uid_map; user_namespaces(7). */
export function mapText(mappings: readonly IdMapping[]): string {
  return mappings.map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}\n`).join("");
}

function helperWords(mappings: readonly IdMapping[]): readonly string[] {
  return mappings.flatMap(({ containerID, hostID, size }) => [`${containerID}`, `${hostID}`, `${size}`]);
}

/** The one map that the kernel lets an ordinary user write without help. */
function isOwn(mappings: readonly IdMapping[], id: number): boolean {
  const [only] = mappings;
  return mappings.length === 1 && only !== undefined && only.hostID === id && only.size === 1;
}

/**
 * Whether processes of the container may set their groups: not where the user alone mapped its own gid, nor
 * where an annotation keeps them.
 */
export function allowsSetGroups(facts: Facts): boolean {
  if (facts.groupsDenied || keepsGroups(facts.config)) return false;
  return facts.privileged || !facts.config.linux?.gidMappings?.length || !mapsAlone(facts);
}

function mapsAlone(facts: Facts): boolean {
  const { uidMappings = [], gidMappings = [] } = facts.config.linux ?? {};
  return !facts.privileged && isOwn(uidMappings, facts.uid) && isOwn(gidMappings, facts.gid);
}

/** Written by the runtime, whose rights over the host's ids count; by the set-uid helpers where it has none. */
export function mapIds(facts: Facts, of: ProcessName): readonly Step[] {
  const { uidMappings = [], gidMappings = [] } = facts.config.linux ?? {};
  const uids: Step = {
    op: "writeProc",
    from: "/linux/uidMappings",
    of,
    file: "uid_map",
    value: mapText(uidMappings),
  };
  const gids: Step = {
    op: "writeProc",
    from: "/linux/gidMappings",
    of,
    file: "gid_map",
    value: mapText(gidMappings),
  };
  if (facts.privileged) return [gids, uids];
  // CVE-2014-8989: without a helper that has checked /etc/subgid, groups must stay as they are
  if (mapsAlone(facts))
    return [{ op: "writeProc", from: "", of, file: "setgroups", value: "deny" }, gids, uids];
  if (facts.uid === 0) return [gids, uids];
  if (!facts.idMapHelpers)
    throw new RuntsError("system", {
      syscall: "execve",
      errno: 2,
      pointer: "/linux/uidMappings",
      detail: "newuidmap and newgidmap (Debian's package uidmap) are needed for these mappings",
    });
  const [newuidmap, newgidmap] = facts.idMapHelpers;
  return [
    {
      op: "runIdMapHelper",
      from: "/linux/gidMappings",
      of,
      program: newgidmap,
      map: helperWords(gidMappings),
    },
    {
      op: "runIdMapHelper",
      from: "/linux/uidMappings",
      of,
      program: newuidmap,
      map: helperWords(uidMappings),
    },
  ];
}
