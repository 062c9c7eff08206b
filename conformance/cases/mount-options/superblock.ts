// SPDX-License-Identifier: Apache-2.0

/** Options that are about a file system, not about one mount of it. */

import { type Case, type Cases, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { mountPoint } from "../../instruments/sources.ts";
import { mounts } from "../../questions.ts";

interface Row {
  readonly options: readonly string[];
  /** among the file system's options in mountinfo */
  readonly shown: readonly string[];
}

const words = ["sync", "dirsync", "lazytime"];

// tmpfs takes no word that it does not know: a runtime that hands one of these on as data gets an error. More than
// that is not to be seen of iversion, which no file system shows since Linux 6.1, and of silent and loud.
const rows: Readonly<Record<string, Row>> = {
  async: { options: ["sync", "async"], shown: [] },
  sync: { options: ["sync"], shown: ["sync"] },
  dirsync: { options: ["dirsync"], shown: ["dirsync"] },
  lazytime: { options: ["lazytime"], shown: ["lazytime"] },
  nolazytime: { options: ["lazytime", "nolazytime"], shown: [] },
  iversion: { options: ["iversion"], shown: [] },
  noiversion: { options: ["noiversion"], shown: [] },
  silent: { options: ["silent"], shown: [] },
  loud: { options: ["silent", "loud"], shown: [] },
};

const fresh = (option: string, { options, shown }: Row): Case =>
  observe({
    clauses: [`mount-options.${option}` as ClauseId],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": { destination: "/m", type: "tmpfs", source: "tmpfs", options } },
    ask: { mounts },
    expect: (seen) => {
      const { type, superOptions } = mountAt(seen.mounts, "/m");
      equal("type of the mount", type, "tmpfs");
      const known = superOptions.filter((word) => words.includes(word));
      equal("options of the file system", known, shown);
    },
  });

export default Object.fromEntries(
  Object.entries(rows).map(([option, row]) => [option, fresh(option, row)] as const),
) satisfies Cases;
