// SPDX-License-Identifier: Apache-2.0

/** Findings as a compiler shows them. */

import { printable } from "../printable.ts";
import type { Finding, Inspection } from "./finding.ts";

export interface Style {
  readonly colour: boolean;
}

type Paint = (code: string, text: string) => string;

const painter =
  ({ colour }: Style): Paint =>
  (code, text) =>
    colour && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text;

const [bold, dim, red, yellow, green] = ["1", "2", "1;31", "1;33", "1;32"];

/** What of a long line is shown: a config may be written in one. */
const [before, after] = [50, 50];

/** The line with what is marked, and the mark below it. */
function excerpt({ line, column, endColumn }: Finding, text: string, paint: Paint, code: string): string[] {
  if (line === undefined || column === undefined) return [];
  const whole = text.split("\n")[line - 1]?.replace(/\r$/, "") ?? "";
  const from = column - 1 > before ? column - 1 - before : 0;
  const end = Math.min((endColumn ?? column + 1) - 1, whole.length, column - 1 + after);
  const until = whole.length - end > after ? end + after : whole.length;
  const head = `${from > 0 ? "…" : ""}${printable(whole.slice(from, column - 1))}`;
  const marked = printable(whole.slice(column - 1, end));
  const tail = `${printable(whole.slice(end, until))}${until < whole.length ? "…" : ""}`;
  const number = String(line);
  const gutter = (label: string) => paint(dim, `  ${label.padStart(number.length)} |`);
  const mark = `^${"~".repeat(Math.max(0, [...marked].length - 1))}`;
  return [
    `${gutter(number)} ${head}${marked}${tail}`.trimEnd(),
    `${gutter("")} ${" ".repeat([...head].length)}${paint(code, mark)}`,
  ];
}

function facts(finding: Finding, paint: Paint): string[] {
  const { pointer, allowed, mend, spec } = finding;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["at", pointer === "" ? undefined : pointer],
    ["allowed", allowed],
    ["mend", mend],
    ["spec", spec],
  ];
  return rows.flatMap(([name, value]) =>
    value ? [`    ${paint(dim, name.padEnd(8))}${printable(value)}`] : [],
  );
}

function findingText(finding: Finding, file: string, text: string, paint: Paint): string {
  const { severity, line, column, message, rule } = finding;
  const code = severity === "error" ? red : yellow;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const title = `${paint(bold, `${printable(place)}:`)} ${paint(code, `${severity}:`)} ${paint(bold, printable(message))} ${paint(dim, `[${rule}]`)}`;
  return [title, ...excerpt(finding, text, paint, code), ...facts(finding, paint)]
    .map((row) => `${row}\n`)
    .join("");
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** How many errors and warnings there are. */
export function countFindings(findings: readonly Finding[]): { errors: number; warnings: number } {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: findings.length - errors };
}

function summary({ kind, findings }: Inspection, file: string, paint: Paint): string {
  const { errors, warnings } = countFindings(findings);
  const name = printable(file);
  const what = kind === "config" ? "" : ` as ${kind}`;
  if (errors === 0)
    return `${name}: ${paint(green, "valid")}${what}${warnings === 0 ? "" : `, ${counted(warnings, "warning")}`}\n`;
  const more = warnings === 0 ? "" : `, ${counted(warnings, "warning")}`;
  return `${name}: ${paint(red, "not valid")}${what}: ${counted(errors, "error")}${more}\n`;
}

/** `file` is what the document is called: as a path, so that editors find it. */
export function findingsText(inspection: Inspection, file: string, style: Style): string {
  const paint = painter(style);
  const shown = inspection.findings.map((finding) => findingText(finding, file, inspection.text, paint));
  return [...shown, summary(inspection, file, paint)].join("\n");
}
