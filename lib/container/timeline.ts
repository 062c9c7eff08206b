// SPDX-License-Identifier: Apache-2.0

import type { Outcome } from "../host.ts";
import { processNames } from "../plan/generated/steps.ts";
import type { Plan, Step } from "../plan/step.ts";
import type { Runtime } from "./runtime.ts";

/** What a step is about, in a few words. */
function subject(step: Step): string {
  const fields: { readonly [name: string]: unknown } = { ...step };
  for (const name of ["destination", "file", "path", "event", "name", "id"]) {
    const value = fields[name];
    if (typeof value === "string" && value !== "") return ` ${value}`;
  }
  return "";
}

function microseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1000).toFixed(0)} µs`.padStart(10);
}

/** A line for each step in the order of their starts: when, how long, which process, what, asked for where. */
export function timelineText(plan: Plan, trace: Outcome["trace"]): string {
  const rows: { start: number; end: number; name: string; step: Step }[] = [];
  for (let i = 0; i + 3 < trace.length; i += 4) {
    const [process = 0, index = 0, start = 0, end = 0] = trace.slice(i, i + 4);
    const name = processNames[process];
    const step = name && plan[name][index];
    if (name && step) rows.push({ start, end, name, step });
  }
  rows.sort((a, b) => a.start - b.start);
  const first = rows[0]?.start ?? 0;
  return rows
    .map(({ start, end, name, step }) => {
      const took = end === 0 ? "".padStart(10) : microseconds(end - start);
      const from = step.from === "" ? "" : `  (${step.from})`;
      return `${microseconds(start - first)} ${took}  ${name.padEnd(7)} ${step.op}${subject(step)}${from}\n`;
    })
    .join("");
}

export function writeTimeline({ host }: Runtime, plan: Plan, outcome: Outcome, where: string): void {
  const text = `${"at".padStart(10)} ${"took".padStart(10)}  process step\n${timelineText(plan, outcome.trace)}`;
  if (where === "-") host.write(2, text);
  else host.append(where, text);
}
