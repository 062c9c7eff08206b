// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { startPlan } from "../plan/start.ts";
import { withCause } from "./cause.ts";
import { remove } from "./delete.ts";
import { attempt, errorOf, hasFailed } from "./execute.ts";
import { lateSteps } from "./late.ts";
import { readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { standing } from "./status.ts";

/** Lets the user's program run. When a hook of the start fails, the container is ended and deleted. */
export function start(runtime: Runtime, id: string): void {
  const record = readRecord(runtime, id);
  const { status, process } = standing(runtime, record);
  if (status !== "created" || !process) throw new RuntsError("status", { id, step: "start", detail: status });
  if (!record.hasProcess) throw new RuntsError("invalid", { id, faults: [noProcess] });
  const { bundle, annotations, hooks, listener } = record;
  const starting = { state: { id, bundle, annotations }, hooks, listener };
  const plan = startPlan(runtime.root, id, process.pid, starting);
  const outcome = attempt(runtime, plan);
  if (!hasFailed(outcome)) return;
  const failure = errorOf({ ...plan, init: lateSteps(record.late) }, outcome);
  const error = failure && withCause(runtime.host, plan, outcome, record.cgroup, failure);
  // runtime.md#lifecycle, steps 7 and 9: then the container is destroyed
  if (error?.facts.pointer?.startsWith("/hooks/")) {
    try {
      remove(runtime, id, true);
    } catch (failure) {
      runtime.warn(String(failure));
    }
  }
  throw error;
}

const noProcess = {
  code: "required",
  pointer: "/process",
  expected: "a process, which start needs",
  spec: "runtime.md#start",
} as const;
