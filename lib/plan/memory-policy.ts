// SPDX-License-Identifier: Apache-2.0

import { memoryFlags, memoryModes } from "../tables/memory-policy.ts";
import type { Facts } from "./facts.ts";
import { numbersIn } from "./number-list.ts";
import type { Step } from "./step.ts";

/** From the cgroup of the container, whose cpuset says which nodes there are for it. */
export function memoryPolicy({ config: { linux } }: Facts): readonly Step[] {
  const policy = linux?.memoryPolicy;
  if (!policy) return [];
  const { mode, nodes, flags = [] } = policy;
  const bits = flags.reduce((sum, name) => sum | (memoryFlags[name] ?? 0), memoryModes[mode] ?? -1);
  return [{ op: "setMemoryPolicy", from: "/linux/memoryPolicy", mode: bits, nodes: numbersIn(nodes) }];
}
