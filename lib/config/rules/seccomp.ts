// SPDX-License-Identifier: Apache-2.0

import type { SeccompAction } from "../types.ts";
import { fault, type Subject } from "./subject.ts";

const takesErrno = (action: SeccompAction): boolean =>
  action === "SCMP_ACT_ERRNO" || action === "SCMP_ACT_TRACE";

const errnoAction = "SCMP_ACT_ERRNO or SCMP_ACT_TRACE as the action";

export function seccompRules(subject: Subject): void {
  const seccomp = subject.linux.seccomp;
  if (!seccomp) return;
  if (seccomp.defaultErrnoRet !== undefined && !takesErrno(seccomp.defaultAction))
    fault(subject, "conflict", "/linux/seccomp/defaultErrnoRet", errnoAction);
  if (seccomp.listenerMetadata && !seccomp.listenerPath)
    fault(subject, "conflict", "/linux/seccomp/listenerMetadata", "a listenerPath to send it to");
  const syscalls = seccomp.syscalls ?? [];
  for (let i = 0; i < syscalls.length; i++) {
    const rule = syscalls[i];
    if (rule?.errnoRet !== undefined && !takesErrno(rule.action))
      fault(subject, "conflict", `/linux/seccomp/syscalls/${i}/errnoRet`, errnoAction);
  }
}
