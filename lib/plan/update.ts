// SPDX-License-Identifier: Apache-2.0

import type { Resources } from "../config/types.ts";
import { enableControllers, limitSteps, processSteps } from "./cgroups.ts";
import type { CgroupPlace } from "./facts.ts";
import { noSteps, type Plan, type Step } from "./step.ts";

export type Updated = Pick<CgroupPlace, "mount" | "path" | "needed">;

/** All values that the resources ask for, in the order in which they are written. */
export function updateSteps(resources: Resources): readonly Step[] {
  const { quota, burst } = resources.cpu ?? {};
  return [
    // neither the old burst with the new quota nor the other way round need be allowed
    ...(quota && burst
      ? [
          {
            op: "writeCgroup",
            from: "/linux/resources/cpu/burst",
            file: "cpu.max.burst",
            value: "0",
          } satisfies Step,
        ]
      : []),
    ...limitSteps(resources),
    ...processSteps(resources),
  ];
}

/** Writes them to a cgroup that is there. */
export function updatePlan(place: Updated, steps: readonly Step[]): Plan {
  const { mount, path } = place;
  return {
    runtime: [
      { op: "openCgroup", from: "", mount, path },
      ...enableControllers({ ...place, offered: [] }),
      ...steps,
    ],
    stage: noSteps,
    init: noSteps,
  };
}
