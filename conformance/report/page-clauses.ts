// SPDX-License-Identifier: Apache-2.0

/** Clause by clause what each runtime does; a clause opens to the cases that are for it. */

import type { CaseResult } from "../suite/result.ts";
import type { ComparedCase, ComparedChapter, ComparedClause, Comparison } from "./comparison.ts";
import { type Markup, markup, type Part } from "./markup.ts";
import { type Outcome, outcomeOf, tally, total } from "./outcome.ts";
import { findings } from "./page-findings.ts";
import { chapterId, icon, type Mark, sectionLink, within, words } from "./page-marks.ts";

/** Shorter than in the legend, for the width of a column. */
const short: Readonly<Record<Outcome, string>> = {
  pass: "pass",
  fail: "fail",
  expected: "expected",
  skip: "skip",
};

function cell(label: string, mark: Mark, text: Part): Markup {
  return markup`<span class="cell ${mark}"><span class="who">${label}</span>${icon(mark)}<span>${text}</span></span>`;
}

const absent = (label: string) =>
  markup`<span class="cell absent"><span class="who">${label}</span><span class="unseen">not run</span></span>`;

/** Says how many of its cases are as it is, where not all are. */
function clauseCell(label: string, outcome: Outcome | undefined, results: readonly CaseResult[]): Markup {
  if (outcome === undefined) return absent(label);
  const counts = tally(results.map(outcomeOf));
  const share =
    counts[outcome] === total(counts) ? "" : markup` <small>${counts[outcome]}/${total(counts)}</small>`;
  return cell(label, outcome, [short[outcome], share]);
}

function head({ clause }: ComparedClause, remark: Part): Markup {
  const { id, level, text, section } = clause;
  return markup`<span class="what"><span class="line"><span class="level ${level}">${level}</span>
<code class="id">${id}</code> ${sectionLink(section)}</span>
<span class="text">${text}</span>${remark}</span>`;
}

const milliseconds = (result: CaseResult) => `${Math.round(result.milliseconds)} ms`;

function caseRow(each: ComparedCase, comparison: Comparison): Markup {
  const labels = comparison.columns.map(({ label }) => label);
  const cells = each.results.map((result, column) => {
    const label = labels[column] ?? "";
    if (result === undefined) return absent(label);
    const outcome = outcomeOf(result);
    return cell(label, outcome, outcome === "skip" ? short.skip : milliseconds(result));
  });
  const others = each.clauses.slice(1).map((id) => markup` ${within(id)}`);
  const also = others.length === 0 ? "" : markup`<small class="also">also judges${others}</small>`;
  return markup`<div class="case" id="${each.name}">
<span class="what"><code>${each.name}</code>${also}</span><span class="cells">${cells}</span>
${findings(each, labels)}</div>\n`;
}

/** A case is shown in full at one clause only. */
function elsewhere(others: readonly ComparedCase[]): Part {
  if (others.length === 0) return "";
  const links = others.map(({ name, results }) => {
    const signs = results.map((result) =>
      result === undefined
        ? ""
        : markup`<span class="${outcomeOf(result)}">${icon(outcomeOf(result))}</span>`,
    );
    return markup`<li>${within(name)} ${signs}</li>`;
  });
  return markup`<div class="elsewhere">Judged by cases for other clauses, too:<ul>${links}</ul></div>\n`;
}

function judged(row: ComparedClause, comparison: Comparison): Markup {
  const cells = comparison.columns.map(({ label }, column) => {
    const results = [...row.cases, ...row.others].flatMap((each) => each.results[column] ?? []);
    return clauseCell(label, row.outcomes[column], results);
  });
  const marks = [...new Set(row.outcomes.filter((outcome) => outcome !== undefined))].join(" ");
  return markup`<details class="clause${row.differs ? " differs" : ""}" id="${row.clause.id}" data-level="${row.clause.level}" data-marks="${marks}">
<summary>${head(row, "")}<span class="cells">${cells}</span></summary>
<div class="cases">
${row.cases.map((each) => caseRow(each, comparison))}${elsewhere(row.others)}</div></details>\n`;
}

function unjudged(row: ComparedClause): Markup {
  const { id, level, untestable } = row.clause;
  const mark = untestable === undefined ? "untested" : "untestable";
  const why = untestable === undefined ? "" : markup`<span class="why">${untestable}</span>`;
  return markup`<div class="clause" id="${id}" data-level="${level}" data-marks="${mark}">${head(row, why)}<span class="cells"><span class="cell wide ${mark}">${icon(mark)}<span>${words[mark]}</span></span></span></div>\n`;
}

function chapterPart(chapter: ComparedChapter, comparison: Comparison): Markup {
  const names = comparison.columns.map(({ label }) => markup`<span>${label}</span>`);
  const rows = chapter.clauses.map((row) =>
    row.outcomes.some((outcome) => outcome !== undefined) ? judged(row, comparison) : unjudged(row),
  );
  return markup`<section class="chapter" id="${chapterId(comparison, chapter.title)}">
<h3><span>${chapter.title}</span><span class="cells" aria-hidden="true">${names}</span></h3>
${rows}</section>\n`;
}

export function pageClauses(comparison: Comparison): Markup {
  return markup`${comparison.chapters.map((chapter) => chapterPart(chapter, comparison))}
<p class="nothing" hidden>No clause fits all of the filters.</p>`;
}
