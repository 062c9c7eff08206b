// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { mountPoint, mountTree } from "../../instruments/sources.ts";
import { list, lstat, mounts, read } from "../../questions.ts";

interface Row {
  readonly options: readonly string[];
  /** among the mount's options in mountinfo; strictatime shows as none of them */
  readonly shown: readonly string[];
}

const words = ["noatime", "nodiratime", "relatime"];
const shownOf = (lines: readonly string[]) =>
  mountAt(lines, "/m").options.filter((word) => words.includes(word));

// Without any of them the kernel's mode is relatime, since 2.6.30.
const rows: Readonly<Record<string, Row>> = {
  noatime: { options: ["noatime"], shown: ["noatime"] },
  atime: { options: ["noatime", "atime"], shown: ["relatime"] },
  nodiratime: { options: ["nodiratime"], shown: ["nodiratime", "relatime"] },
  diratime: { options: ["nodiratime", "diratime"], shown: ["relatime"] },
  relatime: { options: ["relatime"], shown: ["relatime"] },
  norelatime: { options: ["relatime", "norelatime"], shown: ["relatime"] },
  strictatime: { options: ["strictatime"], shown: [] },
  nostrictatime: { options: ["strictatime", "nostrictatime"], shown: ["relatime"] },
};

const fresh = (option: string, { options, shown }: Row): Case =>
  observe({
    clauses: [`mount-options.${option}` as ClauseId],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": { destination: "/m", type: "tmpfs", source: "tmpfs", options } },
    ask: { mounts },
    expect: (seen) => equal("access times of the mount", shownOf(seen.mounts), shown),
  });

type Times = "stale" | "fresh" | "stale-folder" | "fresh-folder";

interface BindRow extends Row {
  /** what the source is mounted with */
  readonly source: readonly string[];
  /** whose access times change when they are read */
  readonly renewed: readonly Times[];
}

const bindRows: Readonly<Record<string, BindRow>> = {
  noatime: { source: [], options: ["noatime"], shown: ["noatime"], renewed: [] },
  nodiratime: { source: [], options: ["nodiratime"], shown: ["nodiratime", "relatime"], renewed: ["stale"] },
  relatime: {
    source: ["noatime"],
    options: ["relatime"],
    shown: ["relatime"],
    renewed: ["stale", "stale-folder"],
  },
  strictatime: {
    source: ["noatime"],
    options: ["strictatime"],
    shown: [],
    renewed: ["stale", "fresh", "stale-folder", "fresh-folder"],
  },
};

const asked = {
  mounts,
  stale: lstat("/m/stale"),
  fresh: lstat("/m/fresh"),
  "stale-folder": lstat("/m/stale-folder"),
  "fresh-folder": lstat("/m/fresh-folder"),
  readStale: read("/m/stale"),
  readFresh: read("/m/fresh"),
  listStale: list("/m/stale-folder"),
  listFresh: list("/m/fresh-folder"),
  "stale after": lstat("/m/stale"),
  "fresh after": lstat("/m/fresh"),
  "stale-folder after": lstat("/m/stale-folder"),
  "fresh-folder after": lstat("/m/fresh-folder"),
} as const;

const bound = (option: string, { source, options, shown, renewed }: BindRow): Case =>
  observe({
    clauses: [`mount-options.${option}` as ClauseId],
    prepare: (place) => {
      mountPoint(place);
      mountTree(place, ...source);
    },
    change: ({ scratch }) => ({
      "/mounts/-": {
        destination: "/m",
        type: "none",
        source: `${scratch}/tree`,
        options: ["bind", ...options],
      },
    }),
    ask: asked,
    expect: (seen) => {
      equal("access times of the mount", shownOf(seen.mounts), shown);
      const names: readonly Times[] = ["stale", "fresh", "stale-folder", "fresh-folder"];
      const changed = names.filter((name) => seen[name]?.accessed !== seen[`${name} after`]?.accessed);
      equal("what has a new access time once it was read", changed, renewed);
    },
  });

export default Object.fromEntries([
  ...Object.entries(rows).map(([option, row]) => [`${option}-new`, fresh(option, row)] as const),
  ...Object.entries(bindRows).map(([option, row]) => [`${option}-bind`, bound(option, row)] as const),
]) satisfies Cases;
