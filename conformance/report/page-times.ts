// SPDX-License-Identifier: Apache-2.0

/** How long it took: totals, and the slowest cases side by side. Times of all cases are with the clauses. */

import type { Column, ComparedCase, Comparison } from "./comparison.ts";
import { type Markup, markup } from "./markup.ts";
import { within } from "./page-marks.ts";

/** Of what ran: skips take no time. */
const times = ({ run }: Column): readonly number[] =>
  run.results
    .filter(({ outcome }) => outcome !== "skip")
    .map(({ milliseconds }) => milliseconds)
    .sort((one, other) => one - other);

/** The smallest time that this share of the cases does not exceed. */
function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

const shownTime = (milliseconds: number | undefined) =>
  milliseconds === undefined ? "" : `${Math.round(milliseconds)} ms`;

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

const figures: readonly (readonly [string, (column: Column) => string])[] = [
  ["whole run", ({ run }) => seconds(run.milliseconds)],
  ["sum of the cases", (column) => seconds(times(column).reduce((sum, time) => sum + time, 0))],
  ["median case", (column) => shownTime(quantile(times(column), 0.5))],
  ["95 % take no longer than", (column) => shownTime(quantile(times(column), 0.95))],
];

const slowest = ({ results }: ComparedCase) =>
  Math.max(0, ...results.map((result) => (result?.outcome === "skip" ? 0 : (result?.milliseconds ?? 0))));

function caseRow(each: ComparedCase, longest: number): Markup {
  const cells = each.results.map((result) => {
    if (result === undefined || result.outcome === "skip") return markup`<td class="zero">–</td>`;
    const width = ((100 * result.milliseconds) / longest).toFixed(1);
    return markup`<td>${shownTime(result.milliseconds)}<svg class="time" aria-hidden="true"><rect width="${width}%" height="100%"/></svg></td>`;
  });
  return markup`<tr><th scope="row">${within(each.name)}</th>${cells}</tr>\n`;
}

const shownCases = 12;

export function pageTimes({ columns, cases }: Comparison): Markup {
  const slow = cases
    .filter((each) => slowest(each) > 0)
    .toSorted((one, other) => slowest(other) - slowest(one))
    .slice(0, shownCases);
  const longest = slow[0] === undefined ? 1 : slowest(slow[0]);
  const names = columns.map(({ label }) => markup`<th scope="col">${label}</th>`);
  const rows = figures.map(
    ([title, of]) =>
      markup`<tr><th scope="row">${title}</th>${columns.map((column) => markup`<td>${of(column)}</td>`)}</tr>\n`,
  );
  return markup`<section id="times">
<h2>Times</h2>
<div class="scroll"><table class="times">
<thead><tr><td></td>${names}</tr></thead>
<tbody>${rows}</tbody>
<tbody class="slowest"><tr><th class="heading" colspan="${columns.length + 1}" scope="rowgroup">Slowest cases</th></tr>
${slow.map((each) => caseRow(each, longest))}</tbody>
</table></div>
</section>`;
}
