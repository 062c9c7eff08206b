// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { holds } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { mountHere, mountPoint, mountTree } from "../../instruments/sources.ts";
import { mounts } from "../../questions.ts";

/** Types of propagation as mountinfo has them: shared, master, unbindable; none is private. */
type Types = readonly string[];

interface Row {
  /** whether the source's mounts are in peer groups, which the container's begin in, too */
  readonly peers: boolean;
  readonly above: (types: Types) => boolean;
  readonly nested: (types: Types) => boolean;
  readonly expected: string;
}

const isPrivate = (types: Types) => types.length === 0;
const isShared = (types: Types) => types.includes("shared");
const isSlave = (types: Types) => types.includes("master") && !isShared(types);
const isUnbindable = (types: Types) => types.includes("unbindable");
const not = (test: (types: Types) => boolean) => (types: Types) => !test(types);

const rows: Readonly<Record<string, Row>> = {
  shared: { peers: false, above: isShared, nested: not(isShared), expected: "shared, not so below it" },
  rshared: { peers: false, above: isShared, nested: isShared, expected: "shared, and so below it" },
  // What is below a slave may be a slave, too: a runtime may begin with a namespace that is.
  slave: {
    peers: true,
    above: isSlave,
    nested: not(isPrivate),
    expected: "master only, and something below it",
  },
  rslave: { peers: true, above: isSlave, nested: isSlave, expected: "master only, and so below it" },
  private: {
    peers: true,
    above: isPrivate,
    nested: not(isPrivate),
    expected: "nothing, but something below it",
  },
  rprivate: { peers: true, above: isPrivate, nested: isPrivate, expected: "nothing, nor below it" },
  unbindable: {
    peers: false,
    above: isUnbindable,
    nested: not(isUnbindable),
    expected: "unbindable, not so below it",
  },
  runbindable: {
    peers: false,
    above: isUnbindable,
    nested: isUnbindable,
    expected: "unbindable, and so below it",
  },
};

const typesAt = (lines: readonly string[], path: string): Types =>
  mountAt(lines, path).propagation.map((word) => word.replace(/:.*/, ""));

const judged = (option: string, { peers, above, nested, expected }: Row): Case =>
  observe({
    clauses: [`mount-options.${option}` as ClauseId],
    prepare: (place) => {
      mountPoint(place);
      const tree = mountTree(place);
      if (peers) mountHere("--make-rshared", tree);
    },
    change: ({ scratch }) => ({
      // With the usual default all mounts would be slaves or private already, and the option without effect.
      ...(peers ? { "/linux/rootfsPropagation": "shared" } : {}),
      "/mounts/-": { destination: "/m", type: "none", source: `${scratch}/tree`, options: ["rbind", option] },
    }),
    ask: { mounts },
    expect: (seen) => {
      const types = { "/m": typesAt(seen.mounts, "/m"), "/m/nested": typesAt(seen.mounts, "/m/nested") };
      holds("propagation", types, expected, above(types["/m"]) && nested(types["/m/nested"]));
    },
  });

export default Object.fromEntries(
  Object.entries(rows).map(([option, row]) => [option, judged(option, row)] as const),
) satisfies Cases;
