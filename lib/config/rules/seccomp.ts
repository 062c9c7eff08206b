// SPDX-License-Identifier: Apache-2.0

import { receiverAnnotation } from "../../tables/annotations.ts";
import type { Seccomp, SeccompAction } from "../types.ts";
import { fault, type Subject } from "./subject.ts";

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

export function seccompRules(subject: Subject): void {
  const seccomp = subject.linux.seccomp;
  if (!seccomp) return;
  if (seccomp.defaultErrnoRet !== undefined && !takesErrno(seccomp.defaultAction))
    fault(subject, "conflict", "/linux/seccomp/defaultErrnoRet", errnoAction);
  if (seccomp.listenerMetadata && !seccomp.listenerPath)
    fault(subject, "conflict", "/linux/seccomp/listenerMetadata", "a listenerPath to send it to");
  listenerRule(subject, seccomp);
  const syscalls = seccomp.syscalls ?? [];
  for (let i = 0; i < syscalls.length; i++) {
    const rule = syscalls[i];
    if (rule?.errnoRet !== undefined && !takesErrno(rule.action))
      fault(subject, "conflict", `/linux/seccomp/syscalls/${i}/errnoRet`, errnoAction);
  }
}
