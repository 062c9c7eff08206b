// SPDX-License-Identifier: Apache-2.0

import type { IdMapping } from "../types.ts";
import { fault, type Subject } from "./subject.ts";

type Side = "containerID" | "hostID";
const sides: readonly Side[] = ["containerID", "hostID"];

/** Ids are 32 bits, and the last one means "none". */
const idEnd = 0xffffffff;

const overlap = (a: IdMapping, b: IdMapping, side: Side): boolean =>
  a[side] < b[side] + b.size && b[side] < a[side] + a.size;

/** Whether each range is one, and overlaps no other. */
export function eachMapping(subject: Subject, list: readonly IdMapping[], pointer: string): void {
  for (const [i, mapping] of list.entries()) {
    for (const side of sides) {
      if (mapping[side] + mapping.size > idEnd)
        fault(subject, "range", `${pointer}/${i}/size`, `a range of ids below ${idEnd}`);
      if (list.slice(0, i).some((earlier) => overlap(earlier, mapping, side)))
        fault(subject, "conflict", `${pointer}/${i}/${side}`, "ranges that do not overlap");
    }
  }
}

const covers = (list: readonly IdMapping[], id: number): boolean =>
  list.some((mapping) => id >= mapping.containerID && id < mapping.containerID + mapping.size);

/** setuid(2) and setgroups(2) refuse ids that the user namespace has no name for. */
function idsAreMapped(subject: Subject, uids: readonly IdMapping[], gids: readonly IdMapping[]): void {
  const user = subject.process?.user;
  if (!user) return;
  const expected = "an id that the mappings cover";
  if (!covers(uids, user.uid)) fault(subject, "conflict", "/process/user/uid", expected);
  if (!covers(gids, user.gid)) fault(subject, "conflict", "/process/user/gid", expected);
  for (const [i, gid] of (user.additionalGids ?? []).entries())
    if (!covers(gids, gid)) fault(subject, "conflict", `/process/user/additionalGids/${i}`, expected);
}

export function mappingRules(subject: Subject): void {
  const { linux, namespaces } = subject;
  const uids = linux.uidMappings ?? [];
  const gids = linux.gidMappings ?? [];
  const user = namespaces.user;
  if (!user) {
    const expected = "a user namespace to map them for";
    if (uids.length > 0) fault(subject, "conflict", "/linux/uidMappings", expected);
    if (gids.length > 0) fault(subject, "conflict", "/linux/gidMappings", expected);
    return;
  }
  eachMapping(subject, uids, "/linux/uidMappings");
  eachMapping(subject, gids, "/linux/gidMappings");
  if (user.path) return; // a joined namespace has its mappings; engines may send them along
  if (uids.length === 0) fault(subject, "required", "/linux", "uidMappings for the new user namespace");
  if (gids.length === 0) fault(subject, "required", "/linux", "gidMappings for the new user namespace");
  if (uids.length > 0 && gids.length > 0) idsAreMapped(subject, uids, gids);
}
