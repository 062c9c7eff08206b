// SPDX-License-Identifier: Apache-2.0

import type { Scheduler } from "../types.ts";
import { fault, type Subject, warning } from "./subject.ts";

const at = "/process/scheduler";
const realTime: readonly string[] = ["SCHED_FIFO", "SCHED_RR"];
const withNice: readonly string[] = ["SCHED_OTHER", "SCHED_BATCH"];
const times = ["runtime", "deadline", "period"] as const;
const leastRuntime = 1024; // the kernel counts in these

/** A number that the policy does not do without: absent, it would be 0. */
function lacking(subject: Subject, name: keyof Scheduler, given: unknown, expected: string): void {
  if (given === undefined) fault(subject, "required", at, `"${name}": ${expected}`);
  else fault(subject, "range", `${at}/${name}`, expected);
}

function priority(subject: Subject, { policy, priority: given }: Scheduler): void {
  if (realTime.includes(policy)) {
    if (!given) lacking(subject, "priority", given, `an integer from 1 to 99, as ${policy} asks for`);
  } else if (given) fault(subject, "conflict", `${at}/priority`, `0, since ${policy} has no priorities`);
}

function deadline(subject: Subject, scheduler: Scheduler): void {
  const { runtime = 0, deadline: until = 0, period = 0 } = scheduler;
  if (runtime < leastRuntime)
    lacking(subject, "runtime", scheduler.runtime, `at least ${leastRuntime} nanoseconds`);
  if (until === 0) lacking(subject, "deadline", scheduler.deadline, "more than 0 nanoseconds");
  else if (until < runtime) fault(subject, "range", `${at}/deadline`, `at least the runtime, ${runtime}`);
  // without one it is the deadline
  if (period !== 0 && period < until)
    fault(subject, "range", `${at}/period`, `at least the deadline, ${until}, or 0`);
}

/** What sched_setattr(2) refuses or passes over. How much time a host can promise it alone knows. */
export function schedulerRules(subject: Subject): void {
  const scheduler = subject.process?.scheduler;
  if (!scheduler) return;
  const { policy, nice = 0, flags = [] } = scheduler;
  if (policy === "SCHED_ISO") {
    fault(subject, "unsupported", `${at}/policy`, "another policy: no kernel has this one");
    return;
  }
  // then policy or numbers are those that the runtime was called with: the kernel is to judge
  if (flags.includes("SCHED_FLAG_KEEP_POLICY") || flags.includes("SCHED_FLAG_KEEP_PARAMS")) return;
  priority(subject, scheduler);
  if (nice !== 0 && !withNice.includes(policy))
    warning(subject, "conflict", `${at}/nice`, `0, since ${policy} does not look at it`);
  if (policy === "SCHED_DEADLINE") deadline(subject, scheduler);
  else
    for (const name of times)
      if (scheduler[name]) fault(subject, "conflict", `${at}/${name}`, "0, or the policy SCHED_DEADLINE");
}
