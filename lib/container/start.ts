// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { notifyFolder } from "../plan/notify.ts";
import { startPlan } from "../plan/start.ts";
import { notifySocket } from "./activation.ts";
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
  const plan = startPlan(runtime.root, id, process, starting, notifyOf(runtime, id));
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
