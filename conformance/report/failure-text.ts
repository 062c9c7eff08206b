// SPDX-License-Identifier: Apache-2.0

/** All that is known of one failed case, down to the command that repeats it. */

import type { CaseResult, ClauseEntry } from "../suite/result.ts";
import type { Paint } from "./paint.ts";
import { oneLine, printable, quote } from "./printable.ts";

const program = "runts-conformance";

/** The label, and the text beside it; further lines of it below each other. */
function labelled(label: string, text: string, paint: Paint): string {
  const [first = "", ...rest] = printable(text.trimEnd()).split("\n");
  const indent = " ".repeat(14);
  return [`  ${paint.dim(label.padEnd(12))}${first}`, ...rest.map((line) => `${indent}${line}`)].join("\n");
}

function clauseLines(id: string, known: ReadonlyMap<string, ClauseEntry>, paint: Paint): readonly string[] {
  const clause = known.get(id);
  if (clause === undefined) return [labelled("clause", oneLine(id), paint)];
  return [
    labelled("clause", oneLine(`${clause.id} (${clause.level}, ${clause.section})`), paint),
    labelled("", oneLine(clause.text), paint),
  ];
}

export function repeatCommand(command: string, name: string): string {
  return `${program} ${quote(command)} --only ${quote(name)}`;
}

export function failureText(
  result: CaseResult,
  known: ReadonlyMap<string, ClauseEntry>,
  command: string,
  paint: Paint,
): string {
  const lines = [
    `${paint.red("FAILED")} ${paint.bold(oneLine(result.name))}`,
    ...result.clauses.flatMap((id) => clauseLines(id, known, paint)),
    ...(result.failures ?? []).flatMap(({ what, expected, seen }) => [
      labelled("looked at", what, paint),
      labelled("expected", expected, paint),
      labelled("saw", seen, paint),
    ]),
    ...(result.leaks ?? []).map((leak) => labelled("left behind", leak, paint)),
  ];
  if (result.said?.trim()) lines.push(labelled("it said", result.said, paint));
  if (result.bundle !== undefined) lines.push(labelled("bundle", result.bundle, paint));
  lines.push(labelled("repeat", repeatCommand(command, result.name), paint));
  return `${lines.join("\n")}\n`;
}
