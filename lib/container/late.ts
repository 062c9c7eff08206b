// SPDX-License-Identifier: Apache-2.0

import type { Plan } from "../plan/step.ts";
import type { StepFacts } from "./execute.ts";

/** The steps that init takes after its start, as text for the record: [first index, [op, pointer] …]. */
export function lateText({ init }: Plan): string {
  const first = init.findIndex(({ op }) => op === "awaitStart") + 1;
  return JSON.stringify([first, ...init.slice(first).map(({ op, from }) => [op, from])]);
}

/** Init's part of the plan as far as the text has it, each step at its index. */
export function lateSteps(text: string | undefined): readonly (StepFacts | undefined)[] {
  const value: unknown = JSON.parse(text ?? "[0]");
  if (!Array.isArray(value)) return [];
  const [first, ...rest]: unknown[] = value;
  if (typeof first !== "number" || first < 0 || first > 100_000) return [];
  const steps = rest.map((step) => {
    const [op, from]: unknown[] = Array.isArray(step) ? step : [];
    return { op: String(op), from: String(from) };
  });
  return [...new Array<undefined>(first).fill(undefined), ...steps];
}
