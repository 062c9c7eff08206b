// SPDX-License-Identifier: Apache-2.0

import type { Hooks } from "../config/types.ts";
import { type HookState, hookSteps } from "./hooks.ts";
import { awaitReady, listenNotify } from "./notify.ts";
import { passListener, type SeccompListener } from "./seccomp-listener.ts";
import { noSteps, type Plan, type Step } from "./step.ts";

/** How long a command waits for another one that holds the same container. */
export const lockMilliseconds = 10_000;

/** Poststart hooks need init's pid, which is on record. */
function poststart(hooks: Hooks | undefined, state: HookState): readonly Step[] {
  return hookSteps(hooks?.poststart, "poststart", state, "running");
}

/** What the start needs to know of a container's configuration. */
export interface Starting {
  readonly state: HookState;
  readonly hooks: Hooks | undefined;
  readonly listener: SeccompListener | undefined;
  /** the filter may end init before it executes the program, and before it can say so */
  readonly doubtful?: boolean | undefined;
}

/** init's end of the conversation closes, which is not enough where its filter may have ended it. */
export const awaitExecuted = (doubtful: boolean | undefined): readonly Step[] => [
  { op: "wait", from: "", of: "init", event: "executed" },
  ...(doubtful ? [{ op: "confirmExecuted", from: "/linux/seccomp" } as const] : []),
];

/** From init's being let go to its program's running. */
function follow({ state, hooks, listener, doubtful }: Starting): readonly Step[] {
  return [
    ...(listener ? [passListener(listener, state, "created")] : []),
    ...awaitExecuted(doubtful),
    ...poststart(hooks, state),
  ];
}

/** Lets a created container go, and returns when its program runs. */
export function startPlan(
  root: string,
  id: string,
  process: { readonly pid: number; readonly startTime: number },
  starting: Starting,
  notify: string | undefined,
): Plan {
  return {
    runtime: [
      { op: "lockState", from: "", root, id, milliseconds: lockMilliseconds },
      ...listenNotify(notify),
      { op: "releaseStart", from: "", pid: process.pid },
      ...follow(starting),
      ...awaitReady(notify, process),
    ],
    stage: noSteps,
    init: noSteps,
  };
}

/** The same by the runtime that has just created it and has already let it go. */
export function startAtOnce(starting: Starting): readonly Step[] {
  return follow(starting);
}
