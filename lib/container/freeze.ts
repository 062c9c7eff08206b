// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { freezePlan } from "../plan/freeze.ts";
import { execute } from "./execute.ts";
import { type ContainerRecord, readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { type Status, standing } from "./status.ts";

function freeze(runtime: Runtime, record: ContainerRecord, frozen: boolean): void {
  if (!record.cgroup)
    throw new RuntsError("system", {
      pointer: "/linux/cgroupsPath",
      detail: "the container has no cgroup of its own to freeze",
    });
  execute(runtime, freezePlan(record.cgroup, frozen));
}

function check(id: string, step: string, status: Status, allowed: readonly Status[]): void {
  if (!allowed.includes(status)) throw new RuntsError("status", { id, step, detail: status });
}

/** Returns when every process of the container has stopped where it was. */
export function pause(runtime: Runtime, id: string): void {
  const record = readRecord(runtime, id);
  check(id, "pause", standing(runtime, record).status, ["running", "created"]);
  freeze(runtime, record, true);
}

export function resume(runtime: Runtime, id: string): void {
  const record = readRecord(runtime, id);
  check(id, "resume", standing(runtime, record).status, ["paused"]);
  freeze(runtime, record, false);
}
