// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { cgroupFiles, cgroupFolder, cgroupProcesses, readCgroupFile } from "../cgroup-folder.ts";
import { type ContainerRecord, readProcess, readRecord } from "../record.ts";
import type { Runtime } from "../runtime.ts";
import { type Status, standing } from "../status.ts";
import { type IntelRdt, intelRdt } from "./intel-rdt.ts";
import { type Stats, statsOf } from "./stats.ts";

/** Whether there is a container to look at: neither still being created nor ended. */
export const isLive = (status: Status): boolean => status !== "stopped" && status !== "creating";

export function checkLive(runtime: Runtime, record: ContainerRecord): void {
  const { status } = standing(runtime, record);
  if (!isLive(status)) throw new RuntsError("status", { id: record.id, step: "watch", detail: status });
}

function classOf(host: Host, mount: string, pid: number): IntelRdt {
  const view = {
    read: (path: string) => readCgroupFile(host, mount, path),
    list: (path: string) => cgroupFiles(host, `${mount}/${path}`),
  };
  return intelRdt(view, readCgroupFile(host, `/proc/${pid}`, "cpu_resctrl_groups"));
}

/** `folder` is that of the container's cgroup. */
export function statsBelow(runtime: Runtime, { id, resctrl }: ContainerRecord, folder: string): Stats {
  const { host } = runtime;
  const process = resctrl && readProcess(runtime, id);
  return statsOf(
    (file) => readCgroupFile(host, folder, file),
    cgroupFiles(host, folder),
    () => cgroupProcesses(host, folder).length,
    resctrl && process && classOf(host, resctrl.mount, process.pid),
  );
}

/** What a created, running or paused container uses. */
export function stats(runtime: Runtime, id: string): Stats {
  const record = readRecord(runtime, id);
  checkLive(runtime, record);
  return statsBelow(runtime, record, cgroupFolder(record, "whose use could be told"));
}
