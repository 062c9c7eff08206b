// SPDX-License-Identifier: Apache-2.0

import type { Step } from "./generated/steps.ts";

export type { EventName, ProcessName, Step } from "./generated/steps.ts";

/**
 * Everything that is to be done, as data: an ordered list of steps for each process. No step reads its
 * neighbour; whatever a process waits for, another signals (`conversation.ts` checks it).
 */
export interface Plan {
  readonly runtime: readonly Step[];
  readonly stage: readonly Step[];
  readonly init: readonly Step[];
}

export const noSteps: readonly Step[] = [];

/** Steps that are taken only if `condition` holds. */
export function when(condition: boolean | undefined, ...steps: Step[]): readonly Step[] {
  return condition ? steps : noSteps;
}
