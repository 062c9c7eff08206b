// SPDX-License-Identifier: Apache-2.0

import type { Hooks } from "../config/types.ts";
import { type HookState, hookSteps } from "./hooks.ts";
import { type ResctrlRemains, removeResctrl } from "./resctrl.ts";
import { lockMilliseconds } from "./start.ts";
import { noSteps, type Plan, type Step, when } from "./step.ts";

const SIGKILL = 9;

/** How long a killed process may take to be gone. */
const exitMilliseconds = 10_000;

/** What is there to be undone, as far as the record tells. */
export interface Remains {
  readonly root: string;
  readonly id: string;
  readonly process: { readonly pid: number; readonly startTime: number } | undefined;
  readonly cgroup: { readonly mount: string; readonly path: string } | undefined;
  /** the cgroup was made by this container's create, so whatever is in it is the container's */
  readonly ownsCgroup: boolean;
  readonly resctrl: ResctrlRemains | undefined;
  /** it is a create that failed which is undone */
  readonly failed: boolean;
  readonly hooks: Hooks | undefined;
  readonly state: HookState;
}

function killSteps({ process, cgroup, ownsCgroup }: Remains, alive: boolean): readonly Step[] {
  return [
    // the whole cgroup first: without a pid namespace, init's end is not the others'
    ...(cgroup && ownsCgroup
      ? [{ op: "killCgroup", from: "", ...cgroup, signal: SIGKILL } satisfies Step]
      : []),
    ...(process && alive
      ? [
          ...when(!cgroup || !ownsCgroup, { op: "killProcess", from: "", ...process, signal: SIGKILL }),
          { op: "awaitExit", from: "", ...process, milliseconds: exitMilliseconds } satisfies Step,
        ]
      : []),
  ];
}

/** Ends what is left of a container and removes all that its create made; its poststop hooks come last. */
export function deletePlan(remains: Remains, alive: boolean, locked: boolean): Plan {
  const { root, id, cgroup, ownsCgroup } = remains;
  return {
    runtime: [
      ...when(locked, { op: "lockState", from: "", root, id, milliseconds: lockMilliseconds }),
      ...killSteps(remains, alive),
      ...(cgroup
        ? [
            {
              op: "removeCgroup",
              from: "",
              ...cgroup,
              milliseconds: ownsCgroup ? exitMilliseconds : 0,
            } satisfies Step,
          ]
        : []),
      ...removeResctrl(remains.resctrl, remains.failed),
      { op: "removeState", from: "", root, id },
      ...hookSteps(remains.hooks?.poststop, "poststop", remains.state, "stopped"),
    ],
    stage: noSteps,
    init: noSteps,
  };
}
