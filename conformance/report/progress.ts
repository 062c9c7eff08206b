// SPDX-License-Identifier: Apache-2.0

/** What is seen of a run while it goes on. */

import type { CaseResult } from "../suite/result.ts";
import { type Outcome, outcomeOf, type Tally, tally } from "./outcome.ts";
import { type Paint, paintFor, type Terminal } from "./paint.ts";
import { oneLine, shorten } from "./printable.ts";

/** Gives what is to be written after each case; `done` counts it already. */
export type Progress = (result: CaseResult, done: number, total: number) => string;

const cleared = "\r\x1b[K";

function cause(result: CaseResult): string {
  const [first] = result.failures ?? [];
  if (first !== undefined) return `${first.what}: expected ${first.expected}, saw ${first.seen}`;
  return result.leaks?.length ? `left behind: ${result.leaks.join(", ")}` : "";
}

function failedLine(result: CaseResult, paint: Paint, width: number): string {
  const text = oneLine(`${result.name}  ${cause(result)}`);
  return `${paint.red("FAILED")} ${shorten(text, width - 7)}\n`;
}

function counts(seen: Tally, paint: Paint): string {
  const failed = `${seen.fail} failed`;
  const words = [`${seen.pass} passed`, seen.fail > 0 ? paint.red(failed) : failed];
  if (seen.expected > 0) words.push(`${seen.expected} expected`);
  if (seen.skip > 0) words.push(`${seen.skip} skipped`);
  return words.join(", ");
}

const unpainted = (text: string) => text.replace(/\x1b\[\d+m/g, "");

/** A line that wraps could not be written over. */
function fitting(head: string, name: string, paint: Paint, width: number): string {
  const { length } = unpainted(head);
  if (length > width - 4) return shorten(unpainted(head), width);
  return `${head}  ${paint.dim(shorten(name, width - length - 2))}`;
}

/** One line that is written over, below the failures. */
function updating(seen: Tally, paint: Paint, width: number): Progress {
  return (result, done, total) => {
    const failed = outcomeOf(result) === "fail" ? failedLine(result, paint, width) : "";
    const head = `${`${done}`.padStart(`${total}`.length)}/${total}  ${counts(seen, paint)}`;
    const line = done >= total ? `${head}\n` : fitting(head, oneLine(result.name), paint, width);
    return `${cleared}${failed}${line}`;
  };
}

/** For logs: the failures, and a sign of life each tenth of the way. */
function lines(seen: Tally, paint: Paint): Progress {
  return (result, done, total) => {
    const failed = outcomeOf(result) === "fail" ? failedLine(result, paint, Number.POSITIVE_INFINITY) : "";
    const tenth = (count: number) => Math.floor((10 * count) / total);
    if (tenth(done) === tenth(done - 1)) return failed;
    return `${failed}${done}/${total}  ${counts(seen, paint)}\n`;
  };
}

/** A new one for each run: it counts what it is told. */
export function progressOn(terminal: Terminal, paint: Paint = paintFor(terminal)): Progress {
  const seen: Record<Outcome, number> = tally([]);
  const show =
    terminal.isTTY === true ? updating(seen, paint, (terminal.columns ?? 80) - 1) : lines(seen, paint);
  return (result, done, total) => {
    seen[outcomeOf(result)]++;
    return show(result, done, total);
  };
}
