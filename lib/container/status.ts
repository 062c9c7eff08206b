// SPDX-License-Identifier: Apache-2.0

import type { Host } from "../host.ts";
import { type ContainerRecord, folderOf, type ProcessRecord, readProcess } from "./record.ts";
import type { Runtime } from "./runtime.ts";

export type Status = "creating" | "created" | "running" | "paused" | "stopped";

const statLimit = 4096;

/** Whether that very process lives: the same pid with another start time is somebody else. */
export function isAlive(host: Host, { pid, startTime }: ProcessRecord): boolean {
  let text: string;
  try {
    text = host.decode(host.readFile(`/proc/${pid}/stat`, statLimit));
  } catch {
    return false; // no such process
  }
  // after the command's name, which may hold anything
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return state !== "Z" && state !== "X" && Number(fields[19]) === startTime;
}

function isFrozen(host: Host, { cgroup }: ContainerRecord): boolean {
  if (!cgroup) return false;
  try {
    return host
      .decode(host.readFile(`${cgroup.mount}${cgroup.path}/cgroup.freeze`, statLimit))
      .startsWith("1");
  } catch {
    return false; // the cgroup goes when the container ends
  }
}

export interface Standing {
  readonly status: Status;
  /** undefined before create has put it on record */
  readonly process: ProcessRecord | undefined;
  /** init still waits to be started; a paused one may, too */
  readonly waits: boolean;
}

/**
 * The status is nowhere written down, so that it cannot be wrong: without a process on record the
 * container is being created, with the socket on which init waits it is created.
 */
export function standing(runtime: Runtime, record: ContainerRecord): Standing {
  const { host } = runtime;
  const process = readProcess(runtime, record.id);
  if (!process) return { status: "creating", process, waits: false };
  if (!isAlive(host, process)) return { status: "stopped", process, waits: false };
  const waits = host.kind(`${folderOf(runtime, record.id)}/start`) === "socket";
  // a created one can be paused as well, and could neither be started nor resumed if nothing told of it
  if (isFrozen(host, record)) return { status: "paused", process, waits };
  return { status: waits ? "created" : "running", process, waits };
}
