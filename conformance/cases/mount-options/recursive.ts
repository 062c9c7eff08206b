// SPDX-License-Identifier: Apache-2.0

/** Options that hold for a mount and those below it: a bind of a tree of two file systems. */

import { type Case, type Cases, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, Skip } from "../../expect.ts";
import { type Attempt, attempts } from "../../instruments/attempts.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { mountPoint, mountTree } from "../../instruments/sources.ts";
import { kernel } from "../../needs.ts";
import { mounts } from "../../questions.ts";

const points = ["/m", "/m/nested"] as const;
const clause = (option: string) => `mount-options.${option}` as ClauseId;

const change =
  (...options: readonly string[]) =>
  ({ scratch }: { readonly scratch: string }) => ({
    "/mounts/-": {
      destination: "/m",
      type: "none",
      source: `${scratch}/tree`,
      options: ["rbind", ...options],
    },
  });

/** `restricted`: the source is not, and becomes so; else the other way round. */
function attempted(attempt: Attempt, restricted: boolean): Case {
  const option = `r${restricted ? attempt.restrict : attempt.permit}`;
  return observe({
    clauses: [clause(option)],
    needs: [kernel(5, 12), ...(attempt.needs ?? [])],
    prepare: (place) => {
      mountPoint(place);
      mountTree(place, ...(restricted ? [] : [attempt.restrict]));
    },
    change: (place) => ({ ...attempt.change, ...change(option)(place) }),
    ask: { mounts, above: attempt.ask("/m"), nested: attempt.ask("/m/nested") },
    expect: (seen) => {
      const flags = points.map((point) => mountAt(seen.mounts, point).options.includes(attempt.restrict));
      // The table has no rnodev, so a runtime may take it for a word of the file system, which a bind ignores.
      if (option === "rnodev" && !flags.includes(true)) throw new Skip("rnodev is not known to the runtime");
      equal(`whether the mount and the one below it are ${attempt.restrict}`, flags, [
        restricted,
        restricted,
      ]);
      const expected = restricted ? attempt.forbidden : "ok";
      equal("the attempts at and below the mount", [seen.above, seen.nested], [expected, expected]);
    },
  });
}

interface Row {
  readonly source: readonly string[];
  /** the words of access times that both mounts have then */
  readonly shown: readonly string[];
}

const words = ["noatime", "nodiratime", "relatime"];
const rows: Readonly<Record<string, Row>> = {
  rnoatime: { source: ["nosuid"], shown: ["noatime"] },
  ratime: { source: ["noatime"], shown: ["relatime"] },
  rnodiratime: { source: ["nosuid"], shown: ["nodiratime", "relatime"] },
  rdiratime: { source: ["nodiratime"], shown: ["relatime"] },
  rrelatime: { source: ["strictatime"], shown: ["relatime"] },
  // It asks for no mode, and the one there is stays.
  rnorelatime: { source: ["relatime"], shown: ["relatime"] },
  rstrictatime: { source: ["noatime"], shown: [] },
  rnostrictatime: { source: ["strictatime"], shown: ["relatime"] },
};

const accessTimes = (option: string, { source, shown }: Row): Case =>
  observe({
    clauses: [clause(option)],
    needs: [kernel(5, 12)],
    prepare: (place) => {
      mountPoint(place);
      mountTree(place, ...source);
    },
    change: change(option),
    ask: { mounts },
    expect: (seen) => {
      const seenWords = points.map((point) =>
        mountAt(seen.mounts, point).options.filter((word) => words.includes(word)),
      );
      equal("access times of the mount and of the one below it", seenWords, [shown, shown]);
    },
  });

export default Object.fromEntries([
  ...attempts.flatMap((attempt) => [
    [`r${attempt.restrict}`, attempted(attempt, true)] as const,
    [`r${attempt.permit}`, attempted(attempt, false)] as const,
  ]),
  ...Object.entries(rows).map(([option, row]) => [option, accessTimes(option, row)] as const),
]) satisfies Cases;
