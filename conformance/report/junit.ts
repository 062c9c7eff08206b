// SPDX-License-Identifier: Apache-2.0

/** The run as JUnit XML: a suite a chapter. It knows no expected failures, so that these are skipped ones. */

import type { CaseResult, ClauseEntry, RunResult } from "../suite/result.ts";
import { repeatCommand } from "./failure-text.ts";
import { type Markup, markup } from "./markup.ts";
import { byChapter, byId, outcomeOf, tally, total } from "./outcome.ts";
import { oneLine } from "./printable.ts";

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3);
const sum = (results: readonly CaseResult[]) =>
  results.reduce((all, { milliseconds }) => all + milliseconds, 0);

function details(result: CaseResult, clause: ClauseEntry | undefined, command: string): string {
  return [
    clause === undefined
      ? result.clauses.join(", ")
      : `${clause.id} (${clause.level}, ${clause.section}): ${clause.text}`,
    ...(result.failures ?? []).map(
      ({ what, expected, seen }) => `${what}\n  expected ${expected}\n  saw ${seen}`,
    ),
    ...(result.leaks ?? []).map((leak) => `left behind: ${leak}`),
    ...(result.said ? [`it said: ${result.said.trimEnd()}`] : []),
    ...(result.bundle === undefined ? [] : [`bundle: ${result.bundle}`]),
    `repeat: ${repeatCommand(command, result.name)}`,
  ].join("\n");
}

function verdict(result: CaseResult, clause: ClauseEntry | undefined, command: string): Markup | undefined {
  const outcome = outcomeOf(result);
  if (outcome === "pass") return undefined;
  if (outcome === "skip") return markup`      <skipped message="${oneLine(result.reason ?? "")}"/>\n`;
  const text = details(result, clause, command);
  if (outcome === "expected") {
    const issue = result.foreseen?.issue === undefined ? "" : ` (issue ${result.foreseen.issue})`;
    const message = `expected failure: ${oneLine(result.foreseen?.reason ?? "")}${issue}`;
    return markup`      <skipped message="${message}">${text}</skipped>\n`;
  }
  const [first] = result.failures ?? [];
  const message =
    first === undefined
      ? "something was left behind"
      : `${first.what}: expected ${first.expected}, saw ${first.seen}`;
  return markup`      <failure message="${oneLine(message)}" type="${clause?.level ?? "clause"}">${text}</failure>\n`;
}

function testcase(result: CaseResult, run: RunResult, known: ReadonlyMap<string, ClauseEntry>): Markup {
  const group = [run.runtime.name, ...result.name.split("/").slice(0, -1)].join(".");
  const inside = verdict(result, known.get(result.clauses[0] ?? ""), run.runtime.command);
  const head = markup`    <testcase classname="${group}" name="${result.name}" time="${seconds(result.milliseconds)}"`;
  return inside === undefined ? markup`${head}/>\n` : markup`${head}>\n${inside}    </testcase>\n`;
}

function counts(results: readonly CaseResult[]): Markup {
  const outcomes = tally(results.map(outcomeOf));
  const skipped = outcomes.skip + outcomes.expected;
  return markup`tests="${total(outcomes)}" failures="${outcomes.fail}" errors="0" skipped="${skipped}"`;
}

function suite(title: string, results: readonly CaseResult[], run: RunResult): Markup {
  const known = byId(run.clauses);
  const properties = Object.entries({
    runtime: run.runtime.version,
    command: run.runtime.command,
    kernel: `${run.host.kernel} ${run.host.architecture}`,
    privilege: run.host.privilege,
  }).map(([name, value]) => markup`      <property name="${name}" value="${oneLine(value)}"/>\n`);
  const when = run.started.replace(/\.\d+/, "");
  return markup`  <testsuite name="${title}" ${counts(results)} time="${seconds(sum(results))}" timestamp="${when}">
    <properties>
${properties}    </properties>
${results.map((result) => testcase(result, run, known))}  </testsuite>\n`;
}

export function junit(run: RunResult): string {
  const known = byId(run.clauses);
  const chapterOf = ({ clauses }: CaseResult) =>
    known.get(clauses[0] ?? "")?.chapter ?? "not in the catalogue";
  const titles = new Set([...byChapter(run.clauses).keys(), ...run.results.map(chapterOf)]);
  const suites = [...titles]
    .map((title) => ({ title, results: run.results.filter((result) => chapterOf(result) === title) }))
    .filter(({ results }) => results.length > 0)
    .map(({ title, results }) => suite(title, results, run));
  const time = seconds(run.milliseconds);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${`runts-conformance ${run.runtime.name}`}" ${counts(run.results)} time="${time}">
${suites}</testsuites>
`.text;
}
