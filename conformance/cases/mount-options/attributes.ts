// SPDX-License-Identifier: Apache-2.0

/** Options that forbid something on one mount, and those that allow it again. */

import { type Case, type Cases, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, holds, outcomeIs } from "../../expect.ts";
import type { Attempt } from "../../instruments/attempts.ts";
import { attempts } from "../../instruments/attempts.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { mountPoint, mountTree } from "../../instruments/sources.ts";
import { create, mounts } from "../../questions.ts";

const clause = (option: string) => `mount-options.${option}` as ClauseId;

function expectFlag(lines: readonly string[], flag: string, set: boolean): void {
  const { options } = mountAt(lines, "/m");
  holds(
    "options of the mount",
    options,
    `${flag} ${set ? "" : "not "}among them`,
    options.includes(flag) === set,
  );
}

/** A new tmpfs, where the flag is all there is to see; but whether it can be written is tried in any case. */
const fresh = (
  attempt: Attempt,
  options: readonly string[],
  restricted: boolean,
  ids: readonly ClauseId[],
): Case =>
  observe({
    clauses: [clause(restricted ? attempt.restrict : attempt.permit), ...ids],
    ...(attempt.restrict === "nosymfollow" ? { needs: attempt.needs ?? [] } : {}),
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": { destination: "/m", type: "tmpfs", source: "tmpfs", options } },
    ask: { mounts },
    expect: (seen) => expectFlag(seen.mounts, attempt.restrict, restricted),
  });

/** A bind of a filled file system, which has the flag when it is to be taken away. */
const bound = (attempt: Attempt, options: readonly string[], restricted: boolean): Case =>
  observe({
    clauses: [clause(restricted ? attempt.restrict : attempt.permit)],
    needs: attempt.needs ?? [],
    prepare: (place) => {
      mountPoint(place);
      mountTree(place, ...(restricted ? [] : [attempt.restrict]));
    },
    change: ({ scratch }) => ({
      ...attempt.change,
      "/mounts/-": {
        destination: "/m",
        type: "none",
        source: `${scratch}/tree`,
        options: ["bind", ...options],
      },
    }),
    ask: { mounts, attempt: attempt.ask("/m") },
    expect: (seen) => {
      expectFlag(seen.mounts, attempt.restrict, restricted);
      equal("the attempt", seen.attempt, restricted ? attempt.forbidden : "ok");
    },
  });

/** Unlike rro. */
const readOnlyAlone = observe({
  clauses: ["mount-options.ro"],
  prepare: (place) => {
    mountPoint(place);
    mountTree(place);
  },
  change: ({ scratch }) => ({
    "/mounts/-": { destination: "/m", type: "none", source: `${scratch}/tree`, options: ["rbind", "ro"] },
  }),
  ask: { above: create("/m/new"), nested: create("/m/nested/new") },
  expect: (seen) => {
    outcomeIs("creating a file in the mount", seen.above, "EROFS");
    outcomeIs("creating a file in the mount below it", seen.nested, "ok");
  },
});

// A bare bind leaves the flags of the source alone, and mount(8) before util-linux 2.39 takes none away when no flag
// is to be set either; with one beside, every version has the kernel take exactly those that it names.
const family = attempts.flatMap((attempt): readonly (readonly [string, Case])[] => [
  [`${attempt.restrict}-new`, fresh(attempt, [attempt.restrict], true, [])],
  [`${attempt.restrict}-bind`, bound(attempt, [attempt.restrict], true)],
  [
    `${attempt.restrict}-last`,
    fresh(attempt, [attempt.permit, attempt.restrict], true, ["mount-options.last-wins"]),
  ],
  [
    `${attempt.permit}-last`,
    fresh(attempt, [attempt.restrict, attempt.permit], false, ["mount-options.last-wins"]),
  ],
  [`${attempt.permit}-bind`, bound(attempt, [attempt.beside, attempt.permit], false)],
]);

export default { ...Object.fromEntries(family), "ro-alone": readOnlyAlone } satisfies Cases;
