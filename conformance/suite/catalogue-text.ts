// SPDX-License-Identifier: Apache-2.0

/** The catalogue and what tests it, as Markdown: `--clauses`, and the tables of docs/conformance.md. */

import { coverageTable, untestableTable } from "../report/coverage.ts";
import { allCases } from "./cases.ts";
import { clauseEntries } from "./run.ts";

export function catalogueText(): string {
  const judged = [...allCases.values()].flatMap(({ property }) => property.clauses);
  return [
    coverageTable(clauseEntries, judged),
    `\n${allCases.size} cases.\n\n`,
    untestableTable(clauseEntries, judged),
  ].join("");
}
