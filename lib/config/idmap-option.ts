// SPDX-License-Identifier: Apache-2.0

import type { IdMapping } from "./types.ts";

export interface IdMappings {
  readonly uids: readonly IdMapping[];
  readonly gids: readonly IdMapping[];
}

interface Range extends IdMapping {
  /** "@": the second number is an id of the container's user namespace */
  readonly inside: boolean;
}

/** The option's mapping, as crun has it: "idmap=uids=0-1-10;gids=0-100-10". */
export const customIdmap = /^r?idmap=/;

const range = /^(@?)(\d{1,10})-(\d{1,10})-(\d{1,10})$/;

function readRanges(text: string): readonly Range[] | undefined {
  const found: Range[] = [];
  for (const part of text.split("#")) {
    const [, at, containerID, hostID, size] = range.exec(part) ?? [];
    if (size === undefined || Number(size) === 0) return undefined;
    found.push({
      inside: at === "@",
      containerID: Number(containerID),
      hostID: Number(hostID),
      size: Number(size),
    });
  }
  return found;
}

/** The id outside that the container's mappings give to one inside; as it is where they do not cover it. */
function outside(id: number, mappings: readonly IdMapping[]): number {
  const found = mappings.find(({ containerID, size }) => id >= containerID && id < containerID + size);
  return found === undefined ? id : id - found.containerID + found.hostID;
}

const resolve = (ranges: readonly Range[], container: readonly IdMapping[]): readonly IdMapping[] =>
  ranges.map(({ inside, containerID, hostID, size }) => ({
    containerID,
    hostID: inside ? outside(hostID, container) : hostID,
    size,
  }));

/**
 * What crun's option says after "idmap=" (crun(1), "idmap mount options"): for users, groups or both, ranges of ids
 * of the file system, ids of the host and sizes; one kind alone stands for both. Undefined when it says something else.
 * @param container the mappings of the container's user namespace, for ranges that begin with "@"
 */
export function parseIdmapOption(text: string, container: IdMappings): IdMappings | undefined {
  const kinds = new Map<string, readonly Range[]>();
  for (const part of text.split(";")) {
    const [, kind = "", ranges = ""] = /^(uids|gids)=(.*)$/.exec(part) ?? [];
    const found = readRanges(ranges);
    if (found === undefined || kinds.has(kind)) return undefined;
    kinds.set(kind, found);
  }
  const uids = kinds.get("uids") ?? kinds.get("gids") ?? [];
  const gids = kinds.get("gids") ?? kinds.get("uids") ?? [];
  return { uids: resolve(uids, container.uids), gids: resolve(gids, container.gids) };
}
