// SPDX-License-Identifier: Apache-2.0

/** One failure with all that there is to explain it, and what comes of it. */

import type { Config, Process } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import { printable } from "../../printable.ts";
import type { Found, View } from "./view.ts";
import { EACCES, ELOOP, ENOENT, ENOTDIR } from "./view.ts";

export interface Case {
  readonly host: Host;
  /** name of the step, "" when none failed */
  readonly op: string;
  readonly syscall: string;
  readonly errno: number;
  readonly detail: string;
  readonly pointer: string;
  readonly bundle: string;
  readonly config: Config | undefined;
  /** the one that was to run: the container's, or exec's */
  readonly process: Process | undefined;
  /** whether the container ran already, so that its files are looked at with all of its mounts */
  readonly live: boolean;
  /** files as the container sees them */
  readonly inside: View;
  /** files of the host */
  readonly outside: View;
}

export interface Finding {
  /** what the errno means here: a phrase that goes after the error's own words */
  readonly why: string;
  /** what would mend it, the most likely first: sentences in the imperative, without full stop */
  readonly remedies: readonly string[];
  /** what of config.json it comes from, where that is more than the failed step knows */
  readonly pointer?: string;
}

export function finding(why: string, ...remedies: readonly string[]): Finding {
  return { why: printable(why), remedies: remedies.map(printable) };
}

/** Where a path of the container lies, when that is not just the rootfs. */
export function holder({ config, live }: Pick<Case, "config" | "live">, found: Found): string {
  if (live) return "in the container";
  if (found.mount === undefined) return "in the rootfs";
  const mount = config?.mounts?.[found.mount];
  return mount?.source && found.state !== "unknown"
    ? `in ${mount.source}, which /mounts/${found.mount} mounts at ${mount.destination}`
    : `in the ${mount?.type ?? "file system"} that /mounts/${found.mount} mounts at ${mount?.destination ?? ""}`;
}

/** Why a path could not be gone; undefined when it could. `where` is the holder, "" for the host. */
export function obstacle(found: Found, where = ""): string | undefined {
  if (found.state !== "missing") return undefined;
  const { path, errno, link } = found;
  const through = link === undefined || link === path ? "" : `the symlink ${link} leads there: `;
  const place = where === "" ? "" : ` ${where}`;
  switch (errno) {
    case ENOENT:
      return `${through}${path} does not exist${place}`;
    case ENOTDIR:
      return `${through}${path} is a file, not a folder`;
    case ELOOP:
      return `symlinks lead in a circle at ${link ?? path}${place}`;
    case EACCES:
      return `${path} is in a folder that this user may not enter${place}`;
    default:
      return undefined;
  }
}

export const octal = (mode: number): string => `0${(mode & 0o7777).toString(8).padStart(3, "0")}`;

export const quote = (text: string): string => JSON.stringify(text);

/** The entry of a list that a pointer leads into: of "/mounts/7/source" 7. */
export function indexOf(pointer: string, list: string): number | undefined {
  const match = pointer.startsWith(`${list}/`) ? /^\d+/.exec(pointer.slice(list.length + 1)) : null;
  return match ? Number(match[0]) : undefined;
}

/** The word of a list that is nearest to one that is misspelt; undefined when none is near. */
export function nearest(word: string, list: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of list) {
    const distance = distanceOf(word, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's, with a swap of two neighbours as one change. */
function distanceOf(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= from.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let cost = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        cost = Math.min(cost, at(i - 2, j - 2) + 1);
      rows[i]?.push(cost);
    }
  }
  return at(from.length, to.length);
}
