// SPDX-License-Identifier: Apache-2.0

/** A container as it was asked for, beside what the kernel has. */

import type { Config } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import { processRows } from "./explained/credentials.ts";
import { limitRows } from "./explained/limits.ts";
import { mountRows } from "./explained/mounts.ts";
import { namespaceRows } from "./explained/namespaces.ts";
import type { Row, Seen } from "./explained/row.ts";
import { keptConfig } from "./kept-config.ts";
import { readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { type Status, standing } from "./status.ts";

export interface Explanation {
  readonly id: string;
  readonly status: Status;
  readonly pid: number;
  readonly rows: readonly Row[];
}

export const explainRows = (config: Config, seen: Seen): readonly Row[] => [
  ...processRows(config, seen),
  ...namespaceRows(config, seen),
  ...mountRows(config, seen),
  ...limitRows(config, seen),
];

const limit = 1 << 20;

/** A process gives itself any name, UTF-8 or not, and status has it. */
function textOf(host: Host, bytes: Uint8Array): string {
  try {
    return host.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : "?")).join("");
  }
}

function attempt<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch {
    return undefined; // gone, or not for us to read: shown as not known
  }
}

function seenOf(host: Host, pid: number, folder: string | undefined, started: boolean): Seen {
  const read = (path: string) => attempt(() => textOf(host, host.readFile(path, limit)));
  return {
    started,
    proc: (file) => read(`/proc/${pid}/${file}`),
    namespace: (file) => ({
      its: attempt(() => host.readLink(`/proc/${pid}/ns/${file}`)),
      ours: attempt(() => host.readLink(`/proc/self/ns/${file}`)),
    }),
    cgroup: (file) => (folder === undefined ? undefined : read(`${folder}/${file}`)),
  };
}

/** Of a created, running or paused container. */
export function explain(runtime: Runtime, id: string): Explanation {
  const record = readRecord(runtime, id);
  const { status, process, waits } = standing(runtime, record);
  const refuse = (detail: Status): never => {
    throw new RuntsError("status", { id, step: "explain", detail });
  };
  if (!process || status === "creating" || status === "stopped") return refuse(status);
  const { cgroup } = record;
  const folder = cgroup && `${cgroup.mount}${cgroup.path}`;
  const seen = seenOf(runtime.host, process.pid, folder, !waits);
  const rows = explainRows(keptConfig(runtime, id), seen);
  // what was read must not be another process's, which got the pid meanwhile
  const after = standing(runtime, record).status;
  if (after !== status) return refuse(after);
  return { id, status, pid: process.pid, rows };
}
