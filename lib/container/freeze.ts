// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import { freezePlan } from "../plan/freeze.ts";
import { cgroupFolder, cgroupProcesses } from "./cgroup-folder.ts";
import { readText } from "./controllers.ts";
import { attempt, errorOf } from "./execute.ts";
import { type ContainerRecord, readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { type Status, standing } from "./status.ts";

const ETIMEDOUT = 110;

/** How many of those that do not stop are named. */
const named = 5;

function freeze(runtime: Runtime, record: ContainerRecord, frozen: boolean): void {
  if (!record.cgroup)
    throw new RuntsError("system", {
      pointer: "/linux/cgroupsPath",
      detail: "the container has no cgroup of its own to freeze",
    });
  const plan = freezePlan(record.cgroup, frozen);
  const outcome = attempt(runtime, plan);
  const error = errorOf(plan, outcome);
  if (error)
    throw outcome.errno === ETIMEDOUT ? withWaiting(runtime, cgroupFolder(record, ""), error) : error;
}

/** Milliseconds between two looks: whoever waits in both does not only pass by. */
const glance = 50;

/** How often to look: those that were to be thawed have all been woken, and need a moment to wait again. */
const glances = 10;

/** Those of the container that wait in the kernel, where no signal and no freezer reaches them. */
function waiting(host: Host, folder: string): readonly string[] {
  return cgroupProcesses(host, folder).flatMap((pid) => {
    const [, name, state] = /\((.*)\) (\S)/s.exec(readText(host, `/proc/${pid}/stat`) ?? "") ?? [];
    return state === "D" ? [`process ${pid} (${name})`] : [];
  });
}

/** The error with who it was that did not stop. */
function withWaiting({ host }: Runtime, folder: string, error: RuntsError): RuntsError {
  let found: readonly string[] = [];
  for (let i = 0, before = found; i < glances && found.length === 0; i++) {
    const now = waiting(host, folder);
    found = now.filter((one) => before.includes(one));
    before = now;
    if (found.length === 0) host.wait([], glance);
  }
  if (found.length === 0) return error;
  const more = found.length > named ? ", ..." : "";
  const who = found.slice(0, named).join(", ") + more;
  const why = `${who} ${found.length === 1 ? "waits" : "wait"} in the kernel and cannot be stopped`;
  return new RuntsError(error.code, { ...error.facts, why }, error.cause);
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
