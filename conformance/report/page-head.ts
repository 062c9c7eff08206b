// SPDX-License-Identifier: Apache-2.0

/** The top of the page: which runtimes, on which hosts, and how far each keeps the clauses of each level. */

import type { Column, Comparison } from "./comparison.ts";
import { type Level, levels } from "./coverage.ts";
import { type Markup, markup } from "./markup.ts";
import { outcomeOf, type Tally, tally, total } from "./outcome.ts";
import { bar, inWords } from "./page-marks.ts";

function levelTally({ run, outcomes }: Column, level: Level): Tally {
  const clauses = run.clauses.filter((clause) => clause.level === level);
  return tally(clauses.map(({ id }) => outcomes.get(id)));
}

function levelRow(column: Column, level: Level): Markup {
  const counts = levelTally(column, level);
  const tested = total(counts) - counts.skip;
  const skipped = counts.skip === 0 ? "" : markup`<span class="rest">, ${counts.skip} skipped</span>`;
  const figures =
    total(counts) === 0
      ? markup`<span class="rest">none looked at</span>`
      : markup`<b>${counts.pass}</b> of ${tested}${skipped}`;
  return markup`<dt>${level}</dt><dd>${bar(counts, `${level}: ${inWords(counts)}`)}
<span class="figures">${figures}</span></dd>\n`;
}

function card(column: Column): Markup {
  const counts = tally(column.run.results.map(outcomeOf));
  return markup`<article class="card">
<h2>${column.label}</h2>
<p class="version">${column.run.runtime.version}</p>
<dl class="levels">
${levels.map((level) => levelRow(column, level))}</dl>
<p class="count">${total(counts)} cases: ${inWords(counts)}</p>
</article>\n`;
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;
const moment = (text: string) => text.replace("T", " ").replace(/(?::\d\d)?(?:\.\d+)?Z$/, " UTC");

const asked: Readonly<Record<Level, string>> = {
  must: "must clauses",
  should: "must and should clauses",
  may: "all clauses",
};

const facts: readonly (readonly [string, (column: Column) => string])[] = [
  ["command", ({ run }) => run.runtime.command],
  ["kernel", ({ run }) => `${run.host.kernel} ${run.host.architecture}`],
  ["ran as", ({ run }) => run.host.privilege],
  ["cgroup controllers", ({ run }) => run.host.controllers.join(" ") || "none"],
  ["security modules", ({ run }) => run.host.modules.join(" ") || "none"],
  ["looked at", ({ run }) => asked[run.level] + (run.only === undefined ? "" : `, only ${run.only}`)],
  ["started", ({ run }) => moment(run.started)],
  ["took", ({ run }) => seconds(run.milliseconds)],
];

/** What is the same for all is said once. */
function factRow(title: string, values: readonly string[]): Markup {
  const [first = ""] = values;
  const cells = values.every((value) => value === first)
    ? markup`<td colspan="${values.length}">${first}</td>`
    : values.map((value) => markup`<td>${value}</td>`);
  return markup`<tr><th scope="row">${title}</th>${cells}</tr>\n`;
}

function factTable({ columns }: Comparison): Markup {
  const names =
    columns.length === 1
      ? ""
      : markup`<thead><tr><td></td>${columns.map(({ label }) => markup`<th scope="col">${label}</th>`)}</tr></thead>`;
  return markup`<div class="scroll"><table class="facts">${names}<tbody>
${facts.map(([title, value]) => factRow(title, columns.map(value)))}</tbody></table></div>`;
}

export function pageHead(comparison: Comparison): Markup {
  const { clauses, cases, columns } = comparison;
  const counts = levels.map(
    (level) => `${clauses.filter((clause) => clause.level === level).length} ${level}`,
  );
  return markup`<header class="top">
<h1>${columns.map(({ label }) => label).join(", ")}</h1>
<p class="lead">Conformance to the OCI runtime-spec 1.3.0 for Linux: ${clauses.length} clauses
(${counts.join(", ")}), ${cases.length} cases.
A bar counts the clauses of a level that have a case; the figure says how many pass of those that could be tested.</p>
</header>
<section class="cards" aria-label="Totals">
${columns.map(card)}</section>
${factTable(comparison)}`;
}
