// SPDX-License-Identifier: Apache-2.0

import type { Resources } from "../config/types.ts";
import { limitSteps, pidsSteps } from "./cgroups.ts";
import type { CgroupPlace } from "./facts.ts";
import { noSteps, type Plan, type Step } from "./step.ts";

export type Updated = Pick<CgroupPlace, "mount" | "path" | "enable">;

/** All values that the resources ask for, in the order in which they are written. */
export function updateSteps(resources: Resources): readonly Step[] {
  return [...limitSteps(resources), ...(resources.pids ? pidsSteps(resources.pids) : [])];
}

/** Writes them to a cgroup that is there. */
export function updatePlan({ mount, path, enable }: Updated, steps: readonly Step[]): Plan {
  return {
    runtime: [
      { op: "openCgroup", from: "", mount, path },
      ...enable.map(
        (above): Step => ({
          op: "enableControllers",
          from: "/linux/resources",
          mount,
          path: above.path,
          value: above.value,
        }),
      ),
      ...steps,
    ],
    stage: noSteps,
    init: noSteps,
  };
}
