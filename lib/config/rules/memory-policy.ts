// SPDX-License-Identifier: Apache-2.0

import { maximumNodes } from "../../tables/memory-policy.ts";
import type { MemoryPolicy } from "../types.ts";
import { numberListRule } from "./number-list.ts";
import { fault, type Subject } from "./subject.ts";

const at = "/linux/memoryPolicy";
const withoutNodes: readonly string[] = ["MPOL_DEFAULT", "MPOL_LOCAL"];
const balanced: readonly string[] = ["MPOL_BIND", "MPOL_PREFERRED_MANY"]; // the second since Linux 6.9

function flagRules(subject: Subject, { mode, nodes, flags = [] }: MemoryPolicy): void {
  const names: readonly string[] = flags;
  const refuse = (flag: string, expected: string) =>
    fault(subject, "conflict", `${at}/flags/${names.indexOf(flag)}`, expected);
  const [first, second] = ["MPOL_F_STATIC_NODES", "MPOL_F_RELATIVE_NODES"].filter((flag) =>
    names.includes(flag),
  );
  if (second !== undefined) refuse(second, `no such flag beside ${first}`);
  else if (first !== undefined && (mode === "MPOL_LOCAL" || (mode === "MPOL_PREFERRED" && !nodes)))
    refuse(first, "no flag about nodes where there are none");
  if (names.includes("MPOL_F_NUMA_BALANCING") && !balanced.includes(mode))
    refuse("MPOL_F_NUMA_BALANCING", `a flag that goes with ${mode}`);
}

/** What set_mempolicy(2) refuses on every host; which nodes there are the kernel says. */
export function memoryPolicyRules(subject: Subject): void {
  const policy = subject.linux.memoryPolicy;
  if (!policy) return;
  const { mode, nodes } = policy;
  numberListRule(subject, `${at}/nodes`, nodes, maximumNodes);
  if (withoutNodes.includes(mode)) {
    if (nodes) fault(subject, "conflict", `${at}/nodes`, `no nodes, since ${mode} takes none`);
  } else if (!nodes && mode !== "MPOL_PREFERRED") {
    if (nodes === undefined) fault(subject, "required", at, `"nodes": a list such as 0-3,7, for ${mode}`);
    else fault(subject, "conflict", `${at}/nodes`, `at least one node, for ${mode}`);
  }
  flagRules(subject, policy);
}
