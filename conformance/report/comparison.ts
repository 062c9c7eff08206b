// SPDX-License-Identifier: Apache-2.0

/** Several runs side by side: a column a run, a row a clause, and below it the cases that are for it. */

import type { CaseResult, ClauseEntry, RunResult } from "../suite/result.ts";
import { byChapter, clauseOutcomes, type Outcome, outcomeOf } from "./outcome.ts";

export interface Column {
  /** Differs from those of the other columns. */
  readonly label: string;
  readonly run: RunResult;
  /** By the clause's id. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

/** Of each column; one without it did not run the case. */
type Cells<T> = readonly (T | undefined)[];

export interface ComparedCase {
  readonly name: string;
  readonly clauses: readonly string[];
  readonly results: Cells<CaseResult>;
}

export interface ComparedClause {
  readonly clause: ClauseEntry;
  readonly outcomes: Cells<Outcome>;
  /** Those that are for it. */
  readonly cases: readonly ComparedCase[];
  /** Those for another clause that judge this one, too. */
  readonly others: readonly ComparedCase[];
  readonly differs: boolean;
}

export interface ComparedChapter {
  readonly title: string;
  readonly clauses: readonly ComparedClause[];
  readonly cases: readonly ComparedCase[];
}

export interface Comparison {
  readonly columns: readonly Column[];
  readonly clauses: readonly ClauseEntry[];
  readonly chapters: readonly ComparedChapter[];
  readonly cases: readonly ComparedCase[];
}

/** Two versions of one runtime have the same name, and two runs of one version have the same everything. */
function label(run: RunResult, runs: readonly RunResult[]): string {
  const { name, version } = run.runtime;
  const namesakes = runs.filter(({ runtime }) => runtime.name === name);
  if (namesakes.length === 1) return name;
  const number = version.match(/\d+(?:\.\d+)+\S*/)?.[0] ?? version;
  const twins = namesakes.filter(({ runtime }) => runtime.version === version);
  return twins.length === 1 ? `${name} ${number}` : `${name} ${number} #${twins.indexOf(run) + 1}`;
}

const newestFirst = (runs: readonly RunResult[]) =>
  runs.toSorted((one, other) => Date.parse(other.started) - Date.parse(one.started));

/** The runs may be of different versions of the suite: what the newest says goes, others add what it lacks. */
function allClauses(runs: readonly RunResult[]): readonly ClauseEntry[] {
  const known = new Map<string, ClauseEntry>();
  for (const { clauses } of newestFirst(runs)) {
    for (const clause of clauses) if (!known.has(clause.id)) known.set(clause.id, clause);
  }
  return [...byChapter([...known.values()]).values()].flat();
}

function allCases(runs: readonly RunResult[]): readonly ComparedCase[] {
  const results = runs.map((run) => new Map(run.results.map((result) => [result.name, result])));
  const clauses = new Map<string, readonly string[]>();
  for (const run of newestFirst(runs)) {
    for (const result of run.results) if (!clauses.has(result.name)) clauses.set(result.name, result.clauses);
  }
  return [...clauses].map(([name, ids]) => ({
    name,
    clauses: ids,
    results: results.map((of) => of.get(name)),
  }));
}

function various(outcomes: Cells<Outcome>): boolean {
  return new Set(outcomes.filter((outcome) => outcome !== undefined)).size > 1;
}

function rows(
  clause: ClauseEntry,
  columns: readonly Column[],
  judging: readonly ComparedCase[],
): ComparedClause {
  const outcomes = columns.map((column) => column.outcomes.get(clause.id));
  return {
    clause,
    outcomes,
    cases: judging.filter(({ clauses }) => clauses[0] === clause.id),
    others: judging.filter(({ clauses }) => clauses[0] !== clause.id),
    differs:
      various(outcomes) ||
      judging.some(({ results }) => various(results.map((result) => result && outcomeOf(result)))),
  };
}

export function compare(runs: readonly RunResult[]): Comparison {
  const columns = runs
    .map((run) => ({ label: label(run, runs), run, outcomes: clauseOutcomes(run) }))
    .sort((one, other) => (one.label < other.label ? -1 : 1));
  const clauses = allClauses(runs);
  const cases = allCases(columns.map(({ run }) => run));
  const judging = new Map<string, ComparedCase[]>(clauses.map(({ id }) => [id, []]));
  for (const each of cases) for (const id of new Set(each.clauses)) judging.get(id)?.push(each);
  const chapters = [...byChapter(clauses)].map(([title, those]) => {
    const compared = those.map((clause) => rows(clause, columns, judging.get(clause.id) ?? []));
    return { title, clauses: compared, cases: compared.flatMap((row) => row.cases) };
  });
  return { columns, clauses, chapters, cases };
}
