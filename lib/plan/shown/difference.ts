// SPDX-License-Identifier: Apache-2.0

/** What two plans do differently. Where a step comes from, and where the bundle lies, makes no difference. */

import { diffArrays } from "diff";
import type { Json } from "../../host.ts";
import { isObject, writeJson } from "../../json.ts";
import { printable } from "../../printable.ts";
import { processNames } from "../generated/steps.ts";
import { argumentsText, whole } from "./arguments.ts";
import type { ShownPlan, ShownStep } from "./shown.ts";

export interface Change {
  readonly side: "both" | "left" | "right";
  readonly step: ShownStep;
}

/** As many equal steps are shown around a difference. */
const context = 1;

/** Names of the folder of one's own bundle, wherever it lies. */
function relative(value: Json, bundle: string): Json {
  if (typeof value === "string") {
    if (bundle === "/" || !value.includes(bundle)) return value;
    return value
      .split(bundle)
      .reduce((before, after) => `${before}${/^([/":]|$)/.test(after) ? "BUNDLE" : bundle}${after}`);
  }
  if (Array.isArray(value)) return value.map((item) => relative(item, bundle));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, relative(item, bundle)]));
}

interface Keyed {
  readonly key: string;
  readonly step: ShownStep;
}

function keyed(steps: readonly ShownStep[], bundle: string): Keyed[] {
  return steps.map((step) => {
    const { op, from, ...rest } = step;
    const members = Object.entries(rest).map(([name, value]): [string, Json] => [
      name,
      relative(value, bundle),
    ]);
    return {
      key: writeJson({ op, ...Object.fromEntries(members) }),
      step: { op, from, ...Object.fromEntries(members) },
    };
  });
}

/** All steps of both, in order. */
export function changes(
  left: readonly ShownStep[],
  right: readonly ShownStep[],
  bundles: readonly [string, string],
): readonly Change[] {
  const comparator = (a: Keyed, b: Keyed) => a.key === b.key;
  const parts = diffArrays(keyed(left, bundles[0]), keyed(right, bundles[1]), { comparator });
  return parts.flatMap(({ value, added, removed }) =>
    value.map(({ step }): Change => ({ side: added ? "right" : removed ? "left" : "both", step })),
  );
}

const marks = { both: " ", left: "-", right: "+" } as const;

function wordsOf(step: ShownStep): string {
  const { op, event, of, to } = step;
  if (op === "wait") return `wait <- ${event} (${of})`;
  if (op === "signal") return `signal -> ${event} (${to})`;
  return `${op} ${argumentsText(step, whole)}`.trimEnd();
}

function shown(list: readonly Change[]): string[] {
  const isNear = (i: number) =>
    list.slice(Math.max(0, i - context), i + context + 1).some(({ side }) => side !== "both");
  const rows: string[] = [];
  let skipped = false;
  for (const [i, { side, step }] of list.entries()) {
    if (!isNear(i)) {
      skipped = true;
      continue;
    }
    if (skipped && rows.length > 0) rows.push("  …");
    skipped = false;
    const origin = step.from === "" ? "" : ` (${step.from})`;
    rows.push(`${marks[side]} ${wordsOf(step)}${origin}`);
  }
  return rows;
}

/** "" for plans that do the same. `leftName` is what the first is called. */
export function differenceText(left: ShownPlan, right: ShownPlan, leftName: string = left.bundle): string {
  const parts = processNames.flatMap((name) => {
    const list = changes(left.processes[name], right.processes[name], [left.bundle, right.bundle]);
    return list.every(({ side }) => side === "both") ? [] : [`@ ${name}`, ...shown(list)];
  });
  if (parts.length === 0) return "";
  return [`- ${leftName}`, `+ ${right.bundle}`, ...parts].map((row) => `${printable(row)}\n`).join("");
}
