// SPDX-License-Identifier: Apache-2.0

import { noSteps, type Plan } from "./step.ts";

export function killPlan(
  process: { readonly pid: number; readonly startTime: number },
  signal: number,
): Plan {
  return {
    runtime: [{ op: "killProcess", from: "", ...process, signal }],
    stage: noSteps,
    init: noSteps,
  };
}

export function killAllPlan(cgroup: { readonly mount: string; readonly path: string }, signal: number): Plan {
  return { runtime: [{ op: "killCgroup", from: "", ...cgroup, signal }], stage: noSteps, init: noSteps };
}
