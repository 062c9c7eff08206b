// SPDX-License-Identifier: Apache-2.0

import { memoryFlags, memoryModes } from "../tables/memory-policy.ts";
import type { Facts } from "./facts.ts";
import type { Step } from "./step.ts";

/** "0-2,5" as numbers; the rules have seen to it that they are few. */
function nodesIn(list: string): readonly number[] {
  if (list === "") return [];
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}

/** From the cgroup of the container, whose cpuset says which nodes there are for it. */
export function memoryPolicy({ config: { linux } }: Facts): readonly Step[] {
  const policy = linux?.memoryPolicy;
  if (!policy) return [];
  const { mode, nodes = "", flags = [] } = policy;
  const bits = flags.reduce((sum, name) => sum | (memoryFlags[name] ?? 0), memoryModes[mode] ?? -1);
  return [{ op: "setMemoryPolicy", from: "/linux/memoryPolicy", mode: bits, nodes: nodesIn(nodes) }];
}
