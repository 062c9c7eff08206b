// SPDX-License-Identifier: Apache-2.0

import { noSteps, type Plan } from "./step.ts";

/** How long all processes may take to stop where they are. */
const milliseconds = 10_000;

/** Stops all processes of the container, or lets them go on. */
export function freezePlan(cgroup: { readonly mount: string; readonly path: string }, frozen: boolean): Plan {
  return {
    runtime: [{ op: "freezeCgroup", from: "", ...cgroup, frozen: frozen ? 1 : 0, milliseconds }],
    stage: noSteps,
    init: noSteps,
  };
}
