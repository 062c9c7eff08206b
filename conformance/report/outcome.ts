// SPDX-License-Identifier: Apache-2.0

/** What became of cases, of the clauses they judge, and how many of each. */

import type { CaseResult, ClauseEntry, RunResult } from "../suite/result.ts";

/** `expected` is a failure that the list of expected ones names. */
export type Outcome = "pass" | "fail" | "expected" | "skip";

/** The order in which one outranks the others where several are shown as one. */
export const worstFirst: readonly Outcome[] = ["fail", "expected", "pass", "skip"];

export function outcomeOf(result: CaseResult): Outcome {
  return result.outcome === "fail" && result.foreseen !== undefined ? "expected" : result.outcome;
}

/** A skip outranks nothing: a clause with one case that passed and one that could not run was judged. */
export function worst(outcomes: readonly Outcome[]): Outcome | undefined {
  return worstFirst.find((outcome) => outcomes.includes(outcome));
}

export type Tally = Record<Outcome, number>;

export function tally(outcomes: Iterable<Outcome | undefined>): Tally {
  const counts: Tally = { pass: 0, fail: 0, expected: 0, skip: 0 };
  for (const outcome of outcomes) if (outcome !== undefined) counts[outcome]++;
  return counts;
}

export const total = (counts: Tally): number => counts.pass + counts.fail + counts.expected + counts.skip;

/** What becomes of each clause that has a case in this run. */
export function clauseOutcomes(run: RunResult): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const result of run.results) {
    for (const id of result.clauses) {
      const before = outcomes.get(id);
      const both = before === undefined ? [outcomeOf(result)] : [before, outcomeOf(result)];
      outcomes.set(id, worst(both) ?? outcomeOf(result));
    }
  }
  return outcomes;
}

/** By id; the first of a case's ids is the clause that it is for. */
export function byId(clauses: readonly ClauseEntry[]): ReadonlyMap<string, ClauseEntry> {
  return new Map(clauses.map((clause) => [clause.id, clause]));
}

/** Titles of chapters in the catalogue's order, each with its clauses. */
export function byChapter(clauses: readonly ClauseEntry[]): ReadonlyMap<string, readonly ClauseEntry[]> {
  const chapters = new Map<string, ClauseEntry[]>();
  for (const clause of clauses) {
    const known = chapters.get(clause.chapter);
    if (known === undefined) chapters.set(clause.chapter, [clause]);
    else known.push(clause);
  }
  return chapters;
}
