// SPDX-License-Identifier: Apache-2.0

import { receiverAnnotation } from "../../tables/annotations.ts";
import { refusingActions } from "../../tables/seccomp.ts";
import type { Seccomp, SeccompAction } from "../types.ts";
import { fault, type Subject, warning } from "./subject.ts";

const takesErrno = (action: SeccompAction): boolean =>
  action === "SCMP_ACT_ERRNO" || action === "SCMP_ACT_TRACE";

const errnoAction = "SCMP_ACT_ERRNO or SCMP_ACT_TRACE as the action";

/** Nobody would answer the calls that the profile leaves to an agent. */
function listenerRule(subject: Subject, seccomp: Seccomp): void {
  if (seccomp.listenerPath || subject.config.annotations?.[receiverAnnotation]) return;
  const expected = "another action, or a listenerPath to ask";
  if (seccomp.defaultAction === "SCMP_ACT_NOTIFY")
    fault(subject, "conflict", "/linux/seccomp/defaultAction", expected);
  const i = seccomp.syscalls?.findIndex(({ action }) => action === "SCMP_ACT_NOTIFY") ?? -1;
  if (i >= 0) fault(subject, "conflict", `/linux/seccomp/syscalls/${i}/action`, expected);
}

/** Without one of these the filter ends what it is to be the filter of: the start of the program. */
export const lastSteps = ["execve"] as const;
/** What runts-init still has to do when the filter is loaded early, which it is without noNewPrivileges. */
export const laterSteps = [
  "prctl",
  "setgroups",
  "setresgid",
  "setresuid",
  "capget",
  "capset",
  "chdir",
  "getcwd",
] as const;

/** The place that refuses the call whatever its arguments; undefined where some rule may let it through. */
export function refusalOf({ defaultAction, syscalls = [] }: Seccomp, call: string): string | undefined {
  let at = "/linux/seccomp/defaultAction";
  let refused = refusingActions.has(defaultAction);
  for (let i = 0; i < syscalls.length; i++) {
    const { names, action, args = [] } = syscalls[i] ?? { names: [], action: defaultAction };
    if (!names.includes(call)) continue;
    if (!refusingActions.has(action)) return undefined;
    if (args.length > 0) continue;
    at = `/linux/seccomp/syscalls/${i}`;
    refused = true;
  }
  return refused ? at : undefined;
}

/**
 * runts-init makes its last calls under the filter: what they are is told now, not by a program that ends before it
 * begins. Not refused, since the spec says what becomes of such a container.
 */
function ownStepsRule(subject: Subject, seccomp: Seccomp): void {
  if (!subject.process) return;
  const calls = subject.process.noNewPrivileges ? lastSteps : [...laterSteps, ...lastSteps];
  for (const call of calls) {
    const place = refusalOf(seccomp, call);
    if (place === undefined) continue;
    const without = call === "execve" ? "" : ", or noNewPrivileges";
    warning(subject, "conflict", place, `${call} allowed, by which the program is started${without}`);
    return;
  }
}

export function seccompRules(subject: Subject): void {
  const seccomp = subject.linux.seccomp;
  if (!seccomp) return;
  if (seccomp.defaultErrnoRet !== undefined && !takesErrno(seccomp.defaultAction))
    fault(subject, "conflict", "/linux/seccomp/defaultErrnoRet", errnoAction);
  if (seccomp.listenerMetadata && !seccomp.listenerPath)
    fault(subject, "conflict", "/linux/seccomp/listenerMetadata", "a listenerPath to send it to");
  listenerRule(subject, seccomp);
  ownStepsRule(subject, seccomp);
  const syscalls = seccomp.syscalls ?? [];
  for (let i = 0; i < syscalls.length; i++) {
    const rule = syscalls[i];
    if (rule?.errnoRet !== undefined && !takesErrno(rule.action))
      fault(subject, "conflict", `/linux/seccomp/syscalls/${i}/errnoRet`, errnoAction);
  }
}
