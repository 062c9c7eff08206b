// SPDX-License-Identifier: Apache-2.0

import type { Hooks } from "../config/types.ts";
import { type HookState, hookSteps } from "./hooks.ts";
import { noSteps, type Plan, type Step } from "./step.ts";

/** How long a command waits for another one that holds the same container. */
export const lockMilliseconds = 10_000;

/** Poststart hooks need init's pid, which is on record. */
function poststart(hooks: Hooks | undefined, state: HookState): readonly Step[] {
  return hookSteps(hooks?.poststart, "poststart", state, "running");
}

/** Lets a created container go, and returns when its program runs. */
export function startPlan(
  root: string,
  id: string,
  hooks: Hooks | undefined,
  state: HookState,
  pid: number,
): Plan {
  return {
    runtime: [
      { op: "lockState", from: "", root, id, milliseconds: lockMilliseconds },
      { op: "releaseStart", from: "", pid },
      ...poststart(hooks, state),
    ],
    stage: noSteps,
    init: noSteps,
  };
}

/** The same by the runtime that has just created it and has already let it go. */
export function startAtOnce(hooks: Hooks | undefined, state: HookState): readonly Step[] {
  return [{ op: "wait", from: "", of: "init", event: "executed" }, ...poststart(hooks, state)];
}
