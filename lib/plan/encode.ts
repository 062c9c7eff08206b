// SPDX-License-Identifier: Apache-2.0

import type { Word } from "../host.ts";
import { encoders, processNames, type Steps } from "./generated/steps.ts";
import type { Plan } from "./step.ts";

const version = 1;

function encodeStep<Op extends keyof Steps>(words: Word[], op: Op, step: Steps[Op]): void {
  encoders[op](words, step);
}

/** The wire form that `native/plan.h` describes, as a flat list for the host to write out. */
export function encode(plan: Plan): readonly Word[] {
  const words: Word[] = [version, processNames.length];
  for (const name of processNames) {
    const head = words.length;
    words.push(plan[name].length, 0);
    for (const step of plan[name]) encodeStep(words, step.op, step);
    words[head + 1] = words.length - head - 2;
  }
  return words;
}
