// SPDX-License-Identifier: Apache-2.0

/** Lists of failures that are known and accounted for: conformance/expected/, --expect FILE. */

import * as v from "valibot";
import { allCases, allClauses } from "./cases.ts";
import type { CaseResult } from "./result.ts";

const entry = v.strictObject({
  case: v.string(),
  clause: v.string(),
  reason: v.pipe(v.string(), v.minLength(1)),
  /** of ours, for what runts does not have yet */
  issue: v.optional(v.number()),
  /** A race: the case may pass as well. */
  sometimes: v.optional(v.boolean()),
});

const list = v.strictObject({
  runtime: v.string(),
  /** The version whose deviations these are. */
  version: v.string(),
  failures: v.array(entry),
});

export interface Expected {
  readonly name: string;
  readonly reason: string;
  readonly issue?: number | undefined;
  readonly sometimes?: boolean | undefined;
}

/** Reads a list; throws an Error that says what is wrong with it. */
export function parseExpected(text: string): readonly Expected[] {
  const parsed = v.safeParse(list, JSON.parse(text));
  if (!parsed.success) throw new Error(v.summarize(parsed.issues).trim());
  return parsed.output.failures.map(({ case: name, clause, reason, issue, sometimes }) => {
    const wanted = allCases.get(name);
    if (!wanted) throw new Error(`no such case: ${name}`);
    if (!allClauses.has(clause)) throw new Error(`no such clause: ${clause}`);
    const clauses: readonly string[] = wanted.property.clauses;
    if (!clauses.includes(clause)) throw new Error(`${name} is not about the clause ${clause}`);
    return { name, reason, issue, sometimes };
  });
}

/** The result, marked as foreseen when it is a failure that the list names. */
export function foresee(result: CaseResult, expected: readonly Expected[]): CaseResult {
  const known = expected.find(({ name }) => name === result.name);
  if (result.outcome !== "fail" || !known) return result;
  const { reason, issue } = known;
  return { ...result, foreseen: { reason, ...(issue === undefined ? {} : { issue }) } };
}
