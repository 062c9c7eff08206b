// SPDX-License-Identifier: Apache-2.0

import { refusalOf } from "../../config/rules/seccomp.ts";
import type { Config } from "../../config/types.ts";
import type { Advice } from "../finding.ts";

/** What the C libraries call before main(), linked dynamically or not, and to end. */
const neededBySome = [
  "brk",
  "mmap",
  "mprotect",
  "arch_prctl",
  "openat",
  "read",
  "close",
  "exit_group",
] as const;

/** That execve and runts-init's own calls are refused is told by the rules, at create too. */
export function seccompAdvice({ process, linux }: Config): readonly Advice[] {
  const seccomp = linux?.seccomp;
  if (!seccomp || !process || refusalOf(seccomp, "execve") !== undefined) return [];
  const refused = neededBySome.filter((call) => refusalOf(seccomp, call) !== undefined);
  const [first] = refused;
  if (first === undefined) return [];
  return [
    {
      rule: "seccomp-start",
      pointer: refusalOf(seccomp, first) ?? "",
      message: `refuses ${refused.join(", ")}, which most programs call before they do anything`,
      mend: "allow these; a static program that needs none of them can do without",
    },
  ];
}
