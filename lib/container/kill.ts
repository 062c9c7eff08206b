// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { killAllPlan, killPlan } from "../plan/kill.ts";
import { execute } from "./execute.ts";
import { readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { standing } from "./status.ts";

/**
 * Sends a signal to init, or to all processes of the container's cgroup. Engines also ask for the latter
 * after init has ended, to be rid of what it left behind.
 */
export function kill(runtime: Runtime, id: string, signal: number, all: boolean): void {
  const record = readRecord(runtime, id);
  const { status, process } = standing(runtime, record);
  if (all && record.cgroup && status !== "creating") {
    execute(runtime, killAllPlan(record.cgroup, signal));
    return;
  }
  if (status === "stopped" || status === "creating" || !process)
    throw new RuntsError("status", { id, step: "kill", detail: status });
  execute(runtime, killPlan(process, signal));
}
