// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { contains, equal } from "../../expect.ts";
import { namesIn } from "../../instruments/structure.ts";
import { kernel, path } from "../../needs.ts";
import { memoryPolicy } from "../../questions.ts";
import type { JsonObject } from "../../stage/pointer.ts";
import type { Stage } from "../../stage/stage.ts";

/** MPOL_WEIGHTED_INTERLEAVE is the kernel's since 6.9. */
const needs = [path("/sys/devices/system/node/node0"), path("/proc/self/numa_maps"), kernel(6, 9)];

async function observeWith(stage: Stage, policy: JsonObject) {
  const container = stage.another({ "/linux/memoryPolicy": policy });
  return (await stage.observe({ memoryPolicy }, container)).memoryPolicy;
}

const each = (clause: ClauseId, pointer: string, look: (name: string, stage: Stage) => Promise<void>): Case =>
  act({
    clauses: [clause],
    needs,
    run: async (stage) => {
      for (const name of await namesIn(stage, pointer)) await look(name, stage);
    },
  });

const withoutNodes = ["MPOL_DEFAULT", "MPOL_LOCAL"];

export default {
  modes: each("features.memory-policy-modes", "/linux/memoryPolicy/modes", async (mode, stage) => {
    const nodes = withoutNodes.includes(mode) ? "" : "0";
    equal("mode of the policy", (await observeWith(stage, { mode, nodes })).mode, mode);
  }),
  flags: each("features.memory-policy-flags", "/linux/memoryPolicy/flags", async (flag, stage) => {
    // The only mode that goes with all of them.
    const { flags } = await observeWith(stage, { mode: "MPOL_BIND", nodes: "0", flags: [flag] });
    contains("flags of the policy", flags, flag);
  }),
} satisfies Cases;
