// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { deletePlan, type Remains } from "../plan/delete.ts";
import { wording } from "../wording.ts";
import { hasLeft } from "./exec-cgroup.ts";
import { attempt, errorOf, execute } from "./execute.ts";
import { checkId } from "./id.ts";
import { type ContainerRecord, folderOf, type ProcessRecord, readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { isAlive, standing } from "./status.ts";

function remainsOf(
  runtime: Runtime,
  record: ContainerRecord,
  process: ProcessRecord | undefined,
  failed = false,
): Remains {
  const { id, bundle, annotations, hooks, cgroup, resctrl } = record;
  return {
    root: runtime.root,
    id,
    process,
    cgroup,
    elsewhere: false,
    ownsCgroup: runtime.host.kind(`${folderOf(runtime, id)}/cgroup`) === "file",
    resctrl,
    failed,
    hooks,
    state: { id, bundle, annotations },
  };
}

/** After a failed create: a failing clean-up is told, but does not hide why there is one. */
export function undo(runtime: Runtime, record: ContainerRecord): void {
  const folder = runtime.host.kind(folderOf(runtime, record.id));
  if (folder !== "directory") return;
  const plan = deletePlan(remainsOf(runtime, record, undefined, true), false, true);
  const error = errorOf(plan, attempt(runtime, plan));
  if (error) runtime.warn(wording(error));
}

/** Removes a folder whose record cannot be read, or no longer: nothing else is known to be the container's. */
function removeDamaged(runtime: Runtime, id: string): void {
  const record: ContainerRecord = { version: 1, id, bundle: "", rootfs: "", created: "", hasProcess: false };
  removeRemains(runtime, { ...remainsOf(runtime, record, undefined), hooks: undefined }, false, true);
}

function isCode(error: unknown, code: RuntsError["code"]): boolean {
  return error instanceof RuntsError && error.code === code;
}

/**
 * Deletes a stopped container, and a created one as engines expect; with `force` one in any state, and
 * one that is not there is no error.
 */
export function remove(runtime: Runtime, id: string, force: boolean): void {
  checkId(id);
  let record: ContainerRecord;
  try {
    record = readRecord(runtime, id);
  } catch (error) {
    if (force && isCode(error, "not-found")) return;
    if (!force || !isCode(error, "state")) throw error;
    removeDamaged(runtime, id);
    return;
  }
  const { status, process } = standing(runtime, record);
  if (!force && status !== "stopped" && status !== "created")
    throw new RuntsError("status", { id, step: "delete", detail: status });
  const alive = process !== undefined && isAlive(runtime.host, process);
  const elsewhere = alive && record.cgroup !== undefined && hasLeft(runtime.host, process.pid, record.cgroup);
  removeRemains(runtime, { ...remainsOf(runtime, record, process), elsewhere }, alive, force);
}

function removeRemains(runtime: Runtime, remains: Remains, alive: boolean, force: boolean): void {
  try {
    execute(runtime, deletePlan(remains, alive, true));
  } catch (error) {
    // another command was quicker
    if (!force || !isCode(error, "not-found")) throw error;
  }
}

/** The container whose end this process has seen: nothing need be read to know what is left of it. */
export function removeEnded(
  runtime: Runtime,
  { id, bundle, annotations, hooks, cgroup, resctrl }: ContainerRecord,
): void {
  const state = { id, bundle, annotations };
  const { root } = runtime;
  removeRemains(
    runtime,
    {
      root,
      id,
      process: undefined,
      cgroup,
      elsewhere: false,
      ownsCgroup: true,
      resctrl,
      failed: false,
      hooks,
      state,
    },
    false,
    true,
  );
}
