// SPDX-License-Identifier: Apache-2.0

/** The run as TAP 13: a failure that was expected is TODO, so that whoever reads it does not count it. */

import type { CaseResult, ClauseEntry, RunResult } from "../suite/result.ts";
import { byId } from "./outcome.ts";
import { oneLine } from "./printable.ts";

/** A "#" would begin a directive. */
const plain = (text: string) => oneLine(text).replace(/[\\#]/g, "\\$&");

/** JSON's strings are YAML's, too. */
const scalar = (text: string) => JSON.stringify(text);

function list(name: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`  ${name}:`, ...items.map((item) => `    - ${scalar(item)}`)];
}

function diagnostics(result: CaseResult, known: ReadonlyMap<string, ClauseEntry>): readonly string[] {
  const clause = known.get(result.clauses[0] ?? "");
  const failures = (result.failures ?? []).flatMap(({ what, expected, seen }) => [
    `    - what: ${scalar(what)}`,
    `      expected: ${scalar(expected)}`,
    `      seen: ${scalar(seen)}`,
  ]);
  return [
    "  ---",
    ...list("clauses", result.clauses),
    ...(clause === undefined
      ? []
      : [
          `  level: ${clause.level}`,
          `  demand: ${scalar(clause.text)}`,
          `  section: ${scalar(clause.section)}`,
        ]),
    ...(failures.length === 0 ? [] : ["  failures:", ...failures]),
    ...list("leaks", result.leaks ?? []),
    ...(result.said ? [`  said: ${scalar(result.said)}`] : []),
    ...(result.bundle === undefined ? [] : [`  bundle: ${scalar(result.bundle)}`]),
    `  duration_ms: ${Math.round(result.milliseconds)}`,
    "  ...",
  ];
}

function directive({ outcome, reason, foreseen }: CaseResult): string {
  if (outcome === "skip") return ` # SKIP ${plain(reason ?? "")}`;
  if (outcome === "pass" || foreseen === undefined) return "";
  const issue = foreseen.issue === undefined ? "" : ` (issue ${foreseen.issue})`;
  return ` # TODO ${plain(foreseen.reason)}${issue}`;
}

export function tap(run: RunResult): string {
  const known = byId(run.clauses);
  const lines = run.results.flatMap((result, index) => [
    `${result.outcome === "fail" ? "not ok" : "ok"} ${index + 1} - ${plain(result.name)}${directive(result)}`,
    ...(result.outcome === "fail" ? diagnostics(result, known) : []),
  ]);
  const about = `# ${oneLine(run.runtime.name)}: ${oneLine(run.runtime.version)}`;
  return `${["TAP version 13", `1..${run.results.length}`, about, ...lines].join("\n")}\n`;
}
