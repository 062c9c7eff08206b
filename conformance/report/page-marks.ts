// SPDX-License-Identifier: Apache-2.0

/** The signs of the page: each outcome has a shape and a word of its own, so that its colour only repeats them. */

import type { Comparison } from "./comparison.ts";
import { type Markup, markup } from "./markup.ts";
import { type Outcome, type Tally, total } from "./outcome.ts";

/** What a clause can be, without a case, too. */
export type Mark = Outcome | "untested" | "untestable";

export const words: Readonly<Record<Mark, string>> = {
  pass: "pass",
  fail: "fail",
  expected: "expected failure",
  skip: "skipped",
  untested: "not tested",
  untestable: "untestable",
};

/** Drawn once, for all of the page to refer to; in a square of 16. */
export const drawings = markup`<svg width="0" height="0" aria-hidden="true" class="drawings">
<symbol id="mark-pass" viewBox="0 0 16 16"><path d="M3 8.5 6.5 12 13 4.5" fill="none" stroke="currentColor" stroke-width="2"/></symbol>
<symbol id="mark-fail" viewBox="0 0 16 16"><path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" stroke-width="2.6"/></symbol>
<symbol id="mark-expected" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 2.8a5.2 5.2 0 0 1 0 10.4z" fill="currentColor"/></symbol>
<symbol id="mark-skip" viewBox="0 0 16 16"><path d="M3.5 8h9" stroke="currentColor" stroke-width="2"/></symbol>
<symbol id="mark-untested" viewBox="0 0 16 16"><circle cx="8" cy="8" r="1.6" fill="currentColor"/></symbol>
<symbol id="mark-untestable" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M4.3 11.7l7.4-7.4" stroke="currentColor" stroke-width="1.4"/></symbol>
<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="5" height="5"/><rect class="stripe" width="1.6" height="5"/></pattern></defs>
</svg>`;

export const icon = (mark: Mark): Markup =>
  markup`<svg class="mark" aria-hidden="true"><use href="#mark-${mark}"/></svg>`;

/** A bar of 100 %; failures are hatched. Widths are attributes, as the page forbids itself styles in its text. */
export function bar(counts: Tally, label: string): Markup {
  const all = total(counts);
  const order: readonly Outcome[] = ["pass", "expected", "fail", "skip"];
  let start = 0;
  const parts = order.map((outcome) => {
    const width = all === 0 ? 0 : (100 * counts[outcome]) / all;
    const x = start;
    start += width;
    return width === 0
      ? ""
      : markup`<rect class="${outcome}" x="${x.toFixed(2)}%" width="${width.toFixed(2)}%" height="100%"/>`;
  });
  return markup`<svg class="bar" role="img" aria-label="${label}">${parts}</svg>`;
}

const counted: readonly (readonly [Outcome, string])[] = [
  ["pass", "passed"],
  ["fail", "failed"],
  ["expected", "expected to fail"],
  ["skip", "skipped"],
];

/** The counts that are not null, in words: "12 passed, 1 failed". */
export const inWords = (counts: Tally): string =>
  counted
    .filter(([outcome]) => counts[outcome] > 0)
    .map(([outcome, word]) => `${counts[outcome]} ${word}`)
    .join(", ") || "none";

const specification = "https://github.com/opencontainers/runtime-spec/blob/v1.3.0/";

export const sectionLink = (section: string): Markup =>
  markup`<a class="section" href="${specification}${encodeURI(section)}">${section}</a>`;

/** To a clause or case of this page, whose id is its name. */
export const within = (id: string): Markup =>
  markup`<a href="#${encodeURIComponent(id)}"><code>${id}</code></a>`;

export const chapterId = (comparison: Comparison, title: string): string =>
  `chapter-${comparison.chapters.findIndex((chapter) => chapter.title === title) + 1}`;
