// SPDX-License-Identifier: Apache-2.0

/** The report for people who read it in a terminal. */

import type { CaseResult, ClauseEntry, RunResult } from "../suite/result.ts";
import { coverage } from "./coverage.ts";
import { failureText } from "./failure-text.ts";
import { byChapter, byId, outcomeOf, type Tally, tally } from "./outcome.ts";
import { type Paint, paintFor } from "./paint.ts";
import { oneLine } from "./printable.ts";

export { progressOn } from "./progress.ts";

const widths = [7, 8, 9, 8, 10, 9];
const numbers = (cells: readonly (string | number)[]) =>
  cells.map((cell, index) => `${cell}`.padStart(widths[index] ?? 9)).join("");

/** A line a chapter, of those that were asked for. Cases count where the clause is that they are for. */
function chapters(run: RunResult, paint: Paint): string {
  const known = byId(run.clauses);
  const judged = run.results.flatMap(({ clauses }) => clauses);
  const grouped = [...byChapter(run.clauses)];
  const titleWidth = Math.max(7, ...grouped.map(([title]) => oneLine(title).length)) + 2;
  const heading =
    "chapter".padEnd(titleWidth) + numbers(["clauses", "tested", "passed", "failed", "expected", "skipped"]);
  const lines = grouped.flatMap(([title, clauses]) => {
    const cases = run.results.filter((result) => known.get(result.clauses[0] ?? "")?.chapter === title);
    if (run.only !== undefined && cases.length === 0) return [];
    const { pass, fail, expected, skip } = tally(cases.map(outcomeOf));
    const tested = coverage(clauses, judged).tested.length;
    const line =
      oneLine(title).padEnd(titleWidth) + numbers([clauses.length, tested, pass, fail, expected, skip]);
    return fail > 0 ? paint.red(line) : cases.length === 0 ? paint.dim(line) : line;
  });
  return `${[paint.bold(heading), ...lines].join("\n")}\n`;
}

function foreseenLine({ name, foreseen }: CaseResult): string {
  const issue = foreseen?.issue === undefined ? "" : ` (issue ${foreseen.issue})`;
  return `  ${oneLine(name)}: ${oneLine(foreseen?.reason ?? "")}${issue}`;
}

const shownNames = 4;

/** Hosts lack few things, but each of them many cases. */
function skipped(results: readonly CaseResult[]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { name, reason } of results) {
    const why = oneLine(reason ?? "no reason given");
    reasons.set(why, [...(reasons.get(why) ?? []), oneLine(name)]);
  }
  return [...reasons].flatMap(([why, names]) => [
    `  ${why} (${names.length})`,
    ...names.slice(0, shownNames).map((name) => `    ${name}`),
    ...(names.length > shownNames ? [`    and ${names.length - shownNames} more`] : []),
  ]);
}

function list(title: string, lines: readonly string[], paint: Paint): string {
  return lines.length === 0 ? "" : `\n${paint.bold(title)}\n${lines.join("\n")}\n`;
}

/** Whether the run was asked to leave cases out: then a clause without a result may well have a case. */
function withoutCase(run: RunResult, untested: readonly ClauseEntry[]): string {
  if (run.only !== undefined) return `${untested.length} not looked at (--only ${oneLine(run.only)})`;
  if (run.level !== "may") return `${untested.length} without a case or not looked at (--level ${run.level})`;
  return `${untested.length} without a case`;
}

function caseTotals({ pass, fail, expected, skip }: Tally, paint: Paint): string {
  const failed = `${fail} failed`;
  return [
    pass > 0 && fail === 0 ? paint.green(`${pass} passed`) : `${pass} passed`,
    fail > 0 ? paint.red(failed) : failed,
    `${expected} expected failures`,
    `${skip} skipped`,
  ].join(", ");
}

function totals(run: RunResult, paint: Paint): string {
  const judged = run.results.flatMap(({ clauses }) => clauses);
  const { clauses, levels, tested, untestable, untested } = coverage(run.clauses, judged);
  const kinds = `${levels.must} must, ${levels.should} should, ${levels.may} may`;
  return (
    `\n${clauses} clauses (${kinds}): ${tested.length} tested, ${untestable.length} untestable, ` +
    `${withoutCase(run, untested)}; ${run.results.length} cases: ` +
    `${caseTotals(tally(run.results.map(outcomeOf)), paint)}; ${(run.milliseconds / 1000).toFixed(1)} seconds\n`
  );
}

export function summary(run: RunResult, paint: Paint = paintFor(process.stdout)): string {
  const { runtime, host } = run;
  const known = byId(run.clauses);
  const which = (outcome: string) => run.results.filter((result) => outcomeOf(result) === outcome);
  const failed = which("fail");
  return [
    `${paint.bold(oneLine(runtime.name))}: ${oneLine(runtime.version)}, ` +
      `on Linux ${oneLine(host.kernel)} ${oneLine(host.architecture)}, as ${oneLine(host.privilege)}\n\n`,
    chapters(run, paint),
    failed.length === 0 ? "" : `\n${paint.bold(`Failed (${failed.length})`)}\n`,
    ...failed.map((result) => `\n${failureText(result, known, runtime.command, paint)}`),
    list("Expected failures", which("expected").map(foreseenLine), paint),
    list("Skipped", skipped(which("skip")), paint),
    list(
      "Expected to fail, but did not",
      run.unforeseen.map((line) => `  ${paint.yellow(oneLine(line))}`),
      paint,
    ),
    totals(run, paint),
  ].join("");
}
