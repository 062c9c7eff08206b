// SPDX-License-Identifier: Apache-2.0

import type { Hooks } from "../config/types.ts";
import { type HookState, hookSteps } from "./hooks.ts";
import { type ResctrlRemains, removeResctrl } from "./resctrl.ts";
import { type ScopeOnRecord, stopScope } from "./scope.ts";
import { lockMilliseconds } from "./start.ts";
import { noSteps, type Plan, type Step, when } from "./step.ts";

const SIGKILL = 9;

/** How long a killed process may take to be gone. */
const exitMilliseconds = 10_000;

/** The container's cgroup, as later commands know it. */
export interface CgroupOnRecord {
  readonly mount: string;
  readonly path: string;
  /** systemd made it */
  readonly scope?: ScopeOnRecord;
}

/** What is there to be undone, as far as the record tells. */
export interface Remains {
  readonly root: string;
  readonly id: string;
  readonly process: { readonly pid: number; readonly startTime: number } | undefined;
  readonly cgroup: CgroupOnRecord | undefined;
  /** the cgroup was made by this container's create, so whatever is in it is the container's */
  readonly ownsCgroup: boolean;
  /** the process has gone to a cgroup that is not the container's */
  readonly elsewhere: boolean;
  readonly resctrl: ResctrlRemains | undefined;
  /** it is a create that failed which is undone */
  readonly failed: boolean;
  readonly hooks: Hooks | undefined;
  readonly state: HookState;
}

function killSteps({ process, cgroup, ownsCgroup, elsewhere }: Remains, alive: boolean): readonly Step[] {
  return [
    // the whole cgroup first: without a pid namespace, init's end is not the others'
    ...(cgroup && ownsCgroup
      ? [
          {
            op: "killCgroup",
            from: "",
            mount: cgroup.mount,
            path: cgroup.path,
            signal: SIGKILL,
          } satisfies Step,
        ]
      : []),
    ...(process && alive
      ? [
          ...when(!cgroup || !ownsCgroup || elsewhere, {
            op: "killProcess",
            from: "",
            ...process,
            signal: SIGKILL,
            optional: 1,
          }),
          { op: "awaitExit", from: "", ...process, milliseconds: exitMilliseconds } satisfies Step,
        ]
      : []),
  ];
}

function removeCgroup({ cgroup, ownsCgroup, failed }: Remains): readonly Step[] {
  if (!cgroup) return noSteps;
  const { mount, path, scope } = cgroup;
  // by its name alone a unit may as well be another container's, and so may a cgroup that makeCgroup has refused
  if (!ownsCgroup && (scope || failed)) return noSteps;
  return [
    ...(scope ? [stopScope(scope, exitMilliseconds)] : noSteps),
    { op: "removeCgroup", from: "", mount, path, milliseconds: ownsCgroup ? exitMilliseconds : 0 },
  ];
}

/** Ends what is left of a container and removes all that its create made; its poststop hooks come last. */
export function deletePlan(remains: Remains, alive: boolean, locked: boolean): Plan {
  const { root, id } = remains;
  return {
    runtime: [
      ...when(locked, { op: "lockState", from: "", root, id, milliseconds: lockMilliseconds }),
      ...killSteps(remains, alive),
      ...removeCgroup(remains),
      ...removeResctrl(remains.resctrl, remains.failed),
      { op: "removeState", from: "", root, id },
      ...hookSteps(remains.hooks?.poststop, "poststop", remains.state, "stopped"),
    ],
    stage: noSteps,
    init: noSteps,
  };
}
