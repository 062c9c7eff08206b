// SPDX-License-Identifier: Apache-2.0

/** How much of the catalogue has cases: for the summary and, as Markdown, for the documentation. */

import type { ClauseEntry } from "../suite/result.ts";
import { byChapter } from "./outcome.ts";

export type Level = ClauseEntry["level"];
export const levels: readonly Level[] = ["must", "should", "may"];

export interface Coverage {
  readonly clauses: number;
  readonly levels: Readonly<Record<Level, number>>;
  readonly tested: readonly ClauseEntry[];
  /** Without a case for the reason that each gives. */
  readonly untestable: readonly ClauseEntry[];
  /** Without a case, and nobody says why. */
  readonly untested: readonly ClauseEntry[];
}

/** `judged` are the ids that the cases name, however often. A clause with a case counts as tested, whatever it says. */
export function coverage(clauses: readonly ClauseEntry[], judged: Iterable<string>): Coverage {
  const ids = new Set(judged);
  const rest = clauses.filter(({ id }) => !ids.has(id));
  const count = (level: Level) => clauses.filter((clause) => clause.level === level).length;
  return {
    clauses: clauses.length,
    levels: { must: count("must"), should: count("should"), may: count("may") },
    tested: clauses.filter(({ id }) => ids.has(id)),
    untestable: rest.filter(({ untestable }) => untestable !== undefined),
    untested: rest.filter(({ untestable }) => untestable === undefined),
  };
}

const cell = (text: string) => text.replace(/\s+/g, " ").replace(/[\\|]/g, "\\$&");
const row = (cells: readonly (string | number)[]) =>
  `| ${cells.map((part) => cell(`${part}`)).join(" | ")} |\n`;

function counts(title: string, clauses: readonly ClauseEntry[], judged: Iterable<string>): string {
  const { levels: byLevel, tested, untestable, untested } = coverage(clauses, judged);
  const numbers = [clauses, tested, untestable, untested].map(({ length }) => length);
  return row([title, byLevel.must, byLevel.should, byLevel.may, ...numbers]);
}

/** One line a chapter and one for all. */
export function coverageTable(clauses: readonly ClauseEntry[], judged: Iterable<string>): string {
  const ids = new Set(judged);
  const lines = [...byChapter(clauses)].map(([title, those]) => counts(title, those, ids));
  return [
    row(["Chapter", "MUST", "SHOULD", "MAY", "clauses", "tested", "untestable", "without a case"]),
    "| --- | --: | --: | --: | --: | --: | --: | --: |\n",
    ...lines,
    counts("all", clauses, ids),
  ].join("");
}

/** The clauses that no case can judge, and why. */
export function untestableTable(clauses: readonly ClauseEntry[], judged: Iterable<string>): string {
  const { untestable } = coverage(clauses, judged);
  const lines = untestable.map(({ id, level, untestable: why }) => row([id, level.toUpperCase(), why ?? ""]));
  return [row(["Clause", "Level", "Why no case can judge it"]), "| --- | --- | --- |\n", ...lines].join("");
}
