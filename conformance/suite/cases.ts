// SPDX-License-Identifier: Apache-2.0

/** All cases by name: chapter/property/case, from the files below cases/. */

import type { Case, Cases } from "../case.ts";
import type { Clause, Level } from "../catalogue/clause.ts";
import { chapters } from "../catalogue/index.ts";
import { files } from "../generated/cases.ts";

/** Not a case: the worker's first task, whether the runtime is one. */
export const preflightName = "preflight";

const byFile: Readonly<Record<string, Cases>> = files;

export const allCases: ReadonlyMap<string, Case> = new Map(
  Object.entries(byFile).flatMap(([file, cases]) =>
    Object.entries(cases).map(([name, wanted]) => [`${file}/${name}`, wanted] as const),
  ),
);

export const allClauses: ReadonlyMap<string, Clause> = new Map(
  chapters.flatMap(({ clauses }) => clauses.map((clause) => [clause.id, clause] as const)),
);

const rank: Readonly<Record<Level, number>> = { must: 0, should: 1, may: 2 };

/** A case is as binding as the clause it is for. */
const levelOf = ({ property }: Case): Level => allClauses.get(property.clauses[0])?.level ?? "must";

/** Names of the cases whose name or clause matches, at this level or a stricter one. */
export function selectCases(only: RegExp | undefined, level: Level): readonly string[] {
  return [...allCases].flatMap(([name, wanted]) => {
    const matches = only === undefined || [name, ...wanted.property.clauses].some((text) => only.test(text));
    return matches && rank[levelOf(wanted)] <= rank[level] ? [name] : [];
  });
}
