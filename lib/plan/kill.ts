// SPDX-License-Identifier: Apache-2.0

import { noSteps, type Plan, type Step } from "./step.ts";

const SIGKILL = 9;

export function killPlan(
  process: { readonly pid: number; readonly startTime: number },
  signal: number,
): Plan {
  return {
    runtime: [{ op: "killProcess", from: "", ...process, signal, optional: 0 }],
    stage: noSteps,
    init: noSteps,
  };
}

/** @param process the container's first one, where it has left the cgroup */
export function killAllPlan(
  cgroup: { readonly mount: string; readonly path: string },
  signal: number,
  process: { readonly pid: number; readonly startTime: number } | undefined,
): Plan {
  return {
    runtime: [
      { op: "killCgroup", from: "", ...cgroup, signal },
      // no other signal may come twice
      ...(process && signal === SIGKILL
        ? [{ op: "killProcess", from: "", ...process, signal, optional: 1 } satisfies Step]
        : noSteps),
    ],
    stage: noSteps,
    init: noSteps,
  };
}
