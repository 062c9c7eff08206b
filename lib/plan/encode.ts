// SPDX-License-Identifier: Apache-2.0

import type { Word } from "../host.ts";
import { eventNames, processNames, shapes } from "./generated/steps.ts";
import type { Plan, Step } from "./step.ts";

const version = 1;

function isList(value: unknown): value is readonly (string | number)[] {
  return Array.isArray(value);
}

function isWord(value: unknown): value is Word {
  return (
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "bigint" ||
    value instanceof Uint8Array
  );
}

function indexIn(names: readonly string[], value: unknown): number {
  const index = typeof value === "string" ? names.indexOf(value) : -1;
  if (index < 0) throw new TypeError(`no such name in a plan: ${String(value)}`);
  return index;
}

/** Appends one step's words; the generated shapes give the order of its arguments. */
function encodeStep(words: Word[], step: Step): void {
  const shape = shapes[step.op];
  words.push(shape[0]);
  for (let i = 1; i < shape.length; i += 2) {
    // an interface has no index signature, and a copy of each step is a quarter of the time of encoding
    const value: unknown = Reflect.get(step, String(shape[i]));
    const kind = shape[i + 1];
    if (kind === "process") words.push(indexIn(processNames, value));
    else if (kind === "event") words.push(indexIn(eventNames, value));
    else if (isList(value)) {
      words.push(value.length);
      for (const item of value) words.push(item);
    } else if (isWord(value)) words.push(value);
    else throw new TypeError(`step ${step.op} lacks ${String(shape[i])}`);
  }
}

/** The wire form that `native/plan.h` describes, as a flat list for the host to write out. */
export function encode(plan: Plan): readonly Word[] {
  const words: Word[] = [version, processNames.length];
  for (const name of processNames) {
    const head = words.length;
    words.push(plan[name].length, 0);
    for (const step of plan[name]) encodeStep(words, step);
    words[head + 1] = words.length - head - 2;
  }
  return words;
}
