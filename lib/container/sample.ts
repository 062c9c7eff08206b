// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { readCgroupFile } from "./cgroup-folder.ts";
import { list } from "./list.ts";
import { readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { checkLive, isLive, statsBelow } from "./stats/of-container.ts";
import type { Sample } from "./stats/usage.ts";
import { standing } from "./status.ts";

/** One look at a container; undefined when it has ended, or ends meanwhile. */
function look(runtime: Runtime, id: string): Sample | undefined {
  const record = readRecord(runtime, id);
  const { status } = standing(runtime, record);
  if (!isLive(status)) return undefined;
  const { host } = runtime;
  const { cgroup } = record;
  const now = { id, status, time: host.now() };
  if (!cgroup) return { ...now, stats: undefined, controllers: new Set(), quota: undefined };
  const folder = `${cgroup.mount}${cgroup.path}`;
  const controllers = readCgroupFile(host, folder, "cgroup.controllers");
  if (controllers === undefined) return undefined;
  return {
    ...now,
    stats: statsBelow(runtime, record, folder),
    controllers: new Set(controllers.trim().split(" ")),
    quota: readCgroupFile(host, folder, "cpu.max"),
  };
}

/** A look at each of these containers that has not ended, or at all that have not. One that is gone is left out. */
export function sample(runtime: Runtime, ids: readonly string[]): readonly Sample[] {
  const quiet: Runtime = { ...runtime, warn() {} };
  const wanted = ids.length > 0 ? ids : list(quiet).map(({ id }) => id);
  return wanted.flatMap((id) => {
    try {
      return look(runtime, id) ?? [];
    } catch (error) {
      // removed since, or only just being made
      if (error instanceof RuntsError && (error.code === "not-found" || error.code === "state")) return [];
      throw error;
    }
  });
}

/** Each of these must be there and must not have ended. */
export function checkAllLive(runtime: Runtime, ids: readonly string[]): void {
  for (const id of ids) checkLive(runtime, readRecord(runtime, id));
}
