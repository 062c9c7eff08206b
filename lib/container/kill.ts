// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { killAllPlan, killPlan } from "../plan/kill.ts";
import { cgroupProcesses } from "./cgroup-folder.ts";
import { hasLeft } from "./exec-cgroup.ts";
import { execute } from "./execute.ts";
import { type ContainerRecord, readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { standing } from "./status.ts";

const SIGKILL = 9;

/**
 * Without a pid namespace of its own, a container does not end with its first process: then SIGKILL means all of
 * them, as with runc, also those that the first one has left behind.
 */
function meansAll({ host }: Runtime, { sharesPids, cgroup }: ContainerRecord, signal: number): boolean {
  if (signal !== SIGKILL || !sharesPids || !cgroup) return false;
  return cgroupProcesses(host, cgroup.mount + cgroup.path).length > 0;
}

/**
 * Sends a signal to init, or to all processes of the container's cgroup. Engines also ask for the latter
 * after init has ended, to be rid of what it left behind.
 */
export function kill(runtime: Runtime, id: string, signal: number, all: boolean): void {
  const record = readRecord(runtime, id);
  const { status, process } = standing(runtime, record);
  if (record.cgroup && status !== "creating" && (all || meansAll(runtime, record, signal))) {
    const gone = status !== "stopped" && process && hasLeft(runtime.host, process.pid, record.cgroup);
    execute(runtime, killAllPlan(record.cgroup, signal, gone ? process : undefined));
    return;
  }
  if (status === "stopped" || status === "creating" || !process)
    throw new RuntsError("status", { id, step: "kill", detail: status });
  execute(runtime, killPlan(process, signal));
}
