// SPDX-License-Identifier: Apache-2.0

/** What narrows the clauses down. Hidden without JavaScript, as it can do nothing then. */

import type { Comparison } from "./comparison.ts";
import { levels } from "./coverage.ts";
import { type Markup, markup } from "./markup.ts";
import { chapterId, icon, type Mark, words } from "./page-marks.ts";

const marks: readonly Mark[] = ["fail", "expected", "skip", "pass", "untested", "untestable"];

const chip = (name: string, value: string, kind: string, content: Markup): Markup =>
  markup`<label class="chip ${kind}"><input type="checkbox" name="${name}" value="${value}">${content}</label>\n`;

export function pageFilters(comparison: Comparison): Markup {
  const { chapters, columns, clauses } = comparison;
  const options = chapters.map(
    ({ title }) => markup`<option value="${chapterId(comparison, title)}">${title}</option>\n`,
  );
  const several = columns.length > 1;
  return markup`<form class="filters" autocomplete="off">
<input type="search" name="text" placeholder="Search" aria-label="Search clauses and cases">
<select name="chapter" aria-label="Go to chapter"><option value="">Go to chapter…</option>
${options}</select>
<fieldset><legend class="unseen">Level</legend>
${levels.map((level) => chip("level", level, "", markup`${level}`))}</fieldset>
<fieldset><legend class="unseen">Outcome</legend>
${marks.map((mark) => chip("mark", mark, mark, markup`${icon(mark)} ${words[mark]}`))}</fieldset>
${several ? chip("differs", "yes", "", markup`runtimes differ`) : ""}
<span class="found-count"><output>${clauses.length} of ${clauses.length} clauses</output>
<button type="button" name="open">open all</button> <button type="reset">clear</button></span>
</form>`;
}
