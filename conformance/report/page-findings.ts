// SPDX-License-Identifier: Apache-2.0

/** Why a case did not pass, below it: what was expected and seen, what was left behind, what the runtime said. */

import type { CaseResult } from "../suite/result.ts";
import type { ComparedCase } from "./comparison.ts";
import { type Markup, markup, type Part } from "./markup.ts";

const entry = (title: string, value: Part): Markup => markup`<dt>${title}</dt><dd>${value}</dd>\n`;
const code = (text: string): Markup => markup`<code>${text}</code>`;
const block = (text: string): Markup => markup`<pre>${text.trim()}</pre>`;

function foreseen({ foreseen: known }: CaseResult): readonly Markup[] {
  if (known === undefined) return [];
  const issue = known.issue === undefined ? "" : ` (issue ${known.issue})`;
  return [entry("foreseen", `${known.reason}${issue}`)];
}

function entries(result: CaseResult): readonly Markup[] {
  const leaks = (result.leaks ?? []).map((leak) => markup`<div>${code(leak)}</div>`);
  const found: Markup[] = [];
  if (result.outcome === "skip") found.push(entry("skipped", result.reason ?? "no reason given"));
  found.push(...foreseen(result));
  for (const { what, expected, seen } of result.failures ?? []) {
    found.push(entry("looked at", what), entry("expected", code(expected)), entry("saw", code(seen)));
  }
  if (leaks.length > 0) found.push(entry("left behind", leaks));
  if (result.outcome !== "fail") return found;
  if (result.said?.trim()) found.push(entry("it said", block(result.said)));
  if (result.commands?.length) found.push(entry("commands", block(result.commands.join("\n"))));
  if (result.bundle !== undefined) found.push(entry("bundle", code(result.bundle)));
  return found;
}

/** Runtimes with the same findings share them: most often a skip, whose reason is the host's. */
export function findings({ results }: ComparedCase, labels: readonly string[]): Part {
  const shared = new Map<string, { readonly list: Markup; readonly who: string[] }>();
  for (const [column, result] of results.entries()) {
    if (result === undefined) continue;
    const list = markup`${entries(result)}`;
    if (list.text === "") continue;
    const known = shared.get(list.text) ?? { list, who: [] };
    known.who.push(labels[column] ?? "");
    shared.set(list.text, known);
  }
  return [...shared.values()].map(
    ({ list, who }) =>
      markup`<div class="found">${labels.length > 1 ? markup`<h4>${who.join(", ")}</h4>` : ""}<dl>${list}</dl></div>\n`,
  );
}
