// SPDX-License-Identifier: Apache-2.0

import { configIn } from "../config/load.ts";
import { inScene, RuntsError } from "../errors.ts";
import type { Outcome } from "../host.ts";
import { notifyFolder } from "../plan/notify.ts";
import { startPlan } from "../plan/start.ts";
import type { Plan } from "../plan/step.ts";
import { notifySocket } from "./activation.ts";
import { withCause } from "./cause.ts";
import { remove } from "./delete.ts";
import { attempt, errorOf, hasFailed, type Steps } from "./execute.ts";
import { keptConfig, keptPath } from "./kept-config.ts";
import { lateSteps } from "./late.ts";
import { type ContainerRecord, readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { standing } from "./status.ts";

/** Lets the user's program run. When a hook of the start fails, the container is ended and deleted. */
export function start(runtime: Runtime, id: string): void {
  runtime.trace?.phase("record");
  const record = readRecord(runtime, id);
  const { status, process } = standing(runtime, record);
  if (status !== "created" || !process) throw new RuntsError("status", { id, step: "start", detail: status });
  const { bundle, config = configIn(bundle) } = record;
  if (!record.hasProcess)
    throw inScene(new RuntsError("invalid", { id, faults: [noProcess] }), { bundle, config });
  const { annotations, hooks, listener, doubtful } = record;
  const starting = { state: { id, bundle, annotations }, hooks, listener, doubtful };
  const plan = startPlan(runtime.root, id, process, starting, notifyOf(runtime, id));
  const outcome = attemptStart(runtime, plan, record);
  if (!hasFailed(outcome)) return;
  const failure = errorOf(withLate(plan, record), outcome);
  const error = failure && withCause(runtime.host, plan, outcome, record.cgroup, failure);
  // runtime.md#lifecycle, steps 7 and 9: then the container is destroyed
  const removed = error?.facts.pointer?.startsWith("/hooks/") === true;
  if (removed) {
    try {
      remove(runtime, id, true);
    } catch (failure) {
      runtime.warn(String(failure));
    }
  }
  // the copy of its configuration is gone with it
  throw inScene(error, removed ? { bundle, config } : { bundle, config, copy: keptPath(runtime, id) });
}

/** The plan with what init has left to do, which is on record. */
function withLate(plan: Plan, record: ContainerRecord): Steps {
  return { ...plan, init: lateSteps(record.late) };
}

function attemptStart(runtime: Runtime, plan: Plan, record: ContainerRecord): Outcome {
  const { trace } = runtime;
  if (!trace) return attempt(runtime, plan);
  trace.about(record.bundle, keptConfig(runtime, record.id));
  trace.phase("steps");
  return attempt(runtime, plan, withLate(plan, record));
}

/** The caller's NOTIFY_SOCKET, where create had one, too, and made a place for the container's. */
function notifyOf({ host, root, warn }: Runtime, id: string): string | undefined {
  const socket = notifySocket(host);
  if (socket === undefined) return undefined;
  if (host.kind(`${root}/${id}/${notifyFolder}`) === "directory") return socket;
  warn("NOTIFY_SOCKET: the container was created without one, so its program cannot say that it is ready");
  return undefined;
}

const noProcess = {
  code: "required",
  pointer: "/process",
  expected: "a process, which start needs",
  spec: "runtime.md#start",
} as const;
