// SPDX-License-Identifier: Apache-2.0

import type { Config, IoPriority, Scheduler } from "../config/types.ts";
import { ioClasses, ioClassShift, schedulerFlags, schedulerPolicies } from "../tables/scheduler.ts";
import { type Facts, hasNamespace } from "./facts.ts";
import type { Step } from "./step.ts";

function setScheduler(scheduler: Scheduler): Step {
  const { policy, nice = 0, priority = 0, flags = [], runtime = 0, deadline = 0, period = 0 } = scheduler;
  return {
    op: "setScheduler",
    from: "/process/scheduler",
    policy: schedulerPolicies[policy] ?? -1,
    flags: flags.reduce((bits, name) => bits | (schedulerFlags[name] ?? 0), 0),
    nice,
    priority,
    runtime,
    deadline,
    period,
  };
}

function setIoPriority({ class: name, priority }: IoPriority): Step {
  const number = ((ioClasses[name] ?? 0) << ioClassShift) | priority;
  return { op: "setIoPriority", from: "/process/ioPriority", priority: number };
}

/**
 * A process with a deadline can fork only where its children have none, which takes a right to take back: whoever has
 * startContainer hooks gets that flag.
 */
function withHooks(scheduler: Scheduler, { hooks }: Config): Scheduler {
  if (scheduler.policy !== "SCHED_DEADLINE" || !hooks?.startContainer?.length) return scheduler;
  return { ...scheduler, flags: [...(scheduler.flags ?? []), "SCHED_FLAG_RESET_ON_FORK"] };
}

function scheduling({ config }: Facts): readonly Step[] {
  const { scheduler, ioPriority } = config.process ?? {};
  return [
    ...(scheduler ? [setScheduler(withHooks(scheduler, config))] : []),
    ...(ioPriority ? [setIoPriority(ioPriority)] : []),
  ];
}

/** CAP_SYS_NICE counts in the initial user namespace only: there init has none in a namespace of its own. */
function needsRuntime(facts: Facts): boolean {
  return facts.privileged && hasNamespace(facts.config, "user");
}

/** By the runtime, once init is prepared and waits: nothing of the set-up is done under the container's policy. */
export function scheduleInit(facts: Facts): readonly Step[] {
  return needsRuntime(facts) ? scheduling(facts) : [];
}

/** By init itself. */
export function scheduleOneself(facts: Facts): readonly Step[] {
  return needsRuntime(facts) ? [] : scheduling(facts);
}
