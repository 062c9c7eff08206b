// SPDX-License-Identifier: Apache-2.0

import { type Answers, type Case, type Cases, type Need, observe, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { kernel, path, without } from "../../needs.ts";
import { memoryPolicy } from "../../questions.ts";

type Policy = Answers<{ policy: typeof memoryPolicy }>["policy"];

/** A kernel with CONFIG_NUMA, on however many nodes. */
const numa = path("/proc/self/numa_maps");
const node = (number: number) => path(`/sys/devices/system/node/node${number}`);

interface Given {
  readonly mode?: string;
  readonly nodes?: string;
  readonly flags?: readonly string[];
}

const policy = (
  clause: ClauseId,
  given: Given & { readonly mode: string },
  expected: Partial<Policy> = {},
  ...needs: readonly Need[]
): Case =>
  observe({
    clauses: [clause],
    needs: [numa, ...needs],
    change: { "/linux/memoryPolicy": given },
    ask: { policy: memoryPolicy },
    expect: (seen) =>
      equal("the memory policy", seen.policy, { mode: given.mode, flags: [], nodes: [], ...expected }),
  });

const refused = (clause: ClauseId, given: Given, ...needs: readonly Need[]): Case =>
  refuse({ clauses: [clause], needs: [numa, ...needs], change: { "/linux/memoryPolicy": given } });

const onNode = (mode: string, ...needs: readonly Need[]) =>
  policy("kernel.memory-policy-mode", { mode, nodes: "0" }, { nodes: [0] }, ...needs);
const both = (nodes: string) =>
  policy("kernel.memory-policy-nodes", { mode: "MPOL_INTERLEAVE", nodes }, { nodes: [0, 1] }, node(1));
const flagged = (flag: string, ...needs: readonly Need[]) =>
  policy(
    "kernel.memory-policy-flags",
    { mode: "MPOL_BIND", nodes: "0", flags: [flag] },
    { nodes: [0], flags: [flag] },
    ...needs,
  );

export default {
  default: policy("kernel.memory-policy-mode", { mode: "MPOL_DEFAULT" }),
  bind: onNode("MPOL_BIND"),
  interleave: onNode("MPOL_INTERLEAVE"),
  "weighted-interleave": onNode("MPOL_WEIGHTED_INTERLEAVE", kernel(6, 9)),
  preferred: onNode("MPOL_PREFERRED"),
  "preferred-many": onNode("MPOL_PREFERRED_MANY", kernel(5, 15)),
  // Older kernels say MPOL_PREFERRED when they are asked.
  local: policy("kernel.memory-policy-mode", { mode: "MPOL_LOCAL" }, {}, kernel(5, 14)),
  "no-mode": refused("kernel.memory-policy-mode-invalid", { nodes: "0" }),
  "unknown-mode": refused("kernel.memory-policy-mode-invalid", { mode: "MPOL_CONFORMANCE", nodes: "0" }),
  "nodes-range": policy("kernel.memory-policy-nodes", { mode: "MPOL_BIND", nodes: "0-0" }, { nodes: [0] }),
  "nodes-list": both("0,1"),
  "nodes-range-of-two": both("0-1"),
  "nodes-none": refused("kernel.memory-policy-nodes-invalid", { mode: "MPOL_BIND" }),
  "nodes-too-many": refused("kernel.memory-policy-nodes-invalid", { mode: "MPOL_LOCAL", nodes: "0" }),
  "nodes-no-list": refused("kernel.memory-policy-nodes-invalid", { mode: "MPOL_BIND", nodes: "zero" }),
  "nodes-open-range": refused("kernel.memory-policy-nodes-invalid", { mode: "MPOL_BIND", nodes: "0-" }),
  "nodes-falling-range": refused("kernel.memory-policy-nodes-invalid", { mode: "MPOL_BIND", nodes: "1-0" }),
  "nodes-not-there": refused(
    "kernel.memory-policy-nodes-invalid",
    { mode: "MPOL_BIND", nodes: "63" },
    without(node(63), "the host has that many nodes"),
  ),
  "static-nodes": flagged("MPOL_F_STATIC_NODES"),
  "relative-nodes": flagged("MPOL_F_RELATIVE_NODES"),
  "numa-balancing": flagged("MPOL_F_NUMA_BALANCING", kernel(5, 12)),
  "flag-unknown": refused("kernel.memory-policy-flags-invalid", {
    mode: "MPOL_BIND",
    nodes: "0",
    flags: ["MPOL_F_CONFORMANCE"],
  }),
  "flags-exclusive": refused("kernel.memory-policy-flags-invalid", {
    mode: "MPOL_BIND",
    nodes: "0",
    flags: ["MPOL_F_STATIC_NODES", "MPOL_F_RELATIVE_NODES"],
  }),
  "flag-of-other-mode": refused("kernel.memory-policy-flags-invalid", {
    mode: "MPOL_INTERLEAVE",
    nodes: "0",
    flags: ["MPOL_F_NUMA_BALANCING"],
  }),
} satisfies Cases;
