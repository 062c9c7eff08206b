// SPDX-License-Identifier: Apache-2.0

/** Chapter by chapter, how many cases of each outcome each runtime has. */

import type { ComparedChapter, Comparison } from "./comparison.ts";
import { type Markup, markup } from "./markup.ts";
import { type Outcome, outcomeOf, tally } from "./outcome.ts";
import { chapterId, icon, words } from "./page-marks.ts";

const shown: readonly Outcome[] = ["pass", "fail", "expected", "skip"];

/** Where a runtime's columns begin. */
const first = (outcome: Outcome) => (outcome === shown[0] ? " first" : "");

function figures(chapter: ComparedChapter, column: number): readonly Markup[] {
  const results = chapter.cases.flatMap(({ results: cells }) => cells[column] ?? []);
  const counts = tally(results.map(outcomeOf));
  return shown.map((outcome) => {
    const kind = counts[outcome] === 0 ? "zero" : outcome;
    return markup`<td class="${kind}${first(outcome)}">${counts[outcome]}</td>`;
  });
}

function chapterRow(comparison: Comparison, chapter: ComparedChapter): Markup {
  return markup`<tr><th scope="row"><a href="#${chapterId(comparison, chapter.title)}">${chapter.title}</a></th>${comparison.columns.map((_, column) => figures(chapter, column))}</tr>\n`;
}

export function pageMatrix(comparison: Comparison): Markup {
  const { columns, chapters, cases } = comparison;
  const names = columns.map(
    ({ label }) => markup`<th scope="colgroup" colspan="4" class="first">${label}</th>`,
  );
  const signs = shown.map(
    (outcome) =>
      markup`<th scope="col" class="${outcome}${first(outcome)}" title="${words[outcome]}">${icon(outcome)}<span class="unseen">${words[outcome]}</span></th>`,
  );
  const all = { title: "all", clauses: [], cases };
  const legend = shown.map(
    (outcome) => markup`<span class="${outcome}">${icon(outcome)} ${words[outcome]}</span> `,
  );
  return markup`<section id="summary">
<h2>Cases by chapter</h2>
<p class="legend">${legend}</p>
<div class="scroll"><table class="matrix">
<colgroup></colgroup>${columns.map(() => markup`<colgroup span="4"></colgroup>`)}
<thead><tr><td rowspan="2"></td>${names}</tr><tr>${columns.map(() => signs)}</tr></thead>
<tbody>
${chapters.map((chapter) => chapterRow(comparison, chapter))}</tbody>
<tfoot><tr><th scope="row">all</th>${columns.map((_, column) => figures(all, column))}</tr></tfoot>
</table></div>
</section>`;
}
