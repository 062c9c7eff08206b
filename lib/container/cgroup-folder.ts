// SPDX-License-Identifier: Apache-2.0

/** Looking into a container's cgroup. No file or folder of cgroup2 is a symlink, whatever a container does. */

import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import { type ContainerRecord, errnoOf } from "./record.ts";

type CgroupHost = Pick<Host, "readFile" | "decode" | "list" | "kind">;

const fileLimit = 4 << 20;

const ENOENT = 2;
const ENODEV = 19;
const ENOTDIR = 20;
const EOPNOTSUPP = 95;

/** The cgroup's folder; an error without one. `purpose` is what it is wanted for. */
export function cgroupFolder({ cgroup }: ContainerRecord, purpose: string): string {
  if (cgroup) return `${cgroup.mount}${cgroup.path}`;
  throw new RuntsError("system", {
    pointer: "/linux/cgroupsPath",
    detail: `the container has no cgroup of its own ${purpose}`,
  });
}

/**
 * A file's text; undefined where there is none: its controller is not there, or the cgroup is gone (ENODEV when
 * it went in the meantime), or the kernel was started without what it tells of (EOPNOTSUPP).
 */
export function readCgroupFile(host: CgroupHost, folder: string, file: string): string | undefined {
  try {
    return host.decode(host.readFile(`${folder}/${file}`, fileLimit));
  } catch (error) {
    if ([ENOENT, ENODEV, EOPNOTSUPP].includes(errnoOf(error))) return undefined;
    throw error;
  }
}

/** The names in the cgroup's folder; none when it is gone. */
export function cgroupFiles(host: CgroupHost, folder: string): readonly string[] {
  try {
    return host.list(folder);
  } catch (error) {
    if ([ENOENT, ENODEV, ENOTDIR].includes(errnoOf(error))) return [];
    throw error;
  }
}

/** The pids of all processes in the cgroup and those below it, as the caller's pid namespace numbers them. */
export function cgroupProcesses(host: CgroupHost, folder: string): readonly number[] {
  const found = new Set<number>();
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    // a threaded cgroup refuses: its processes are listed above it
    for (const line of (readCgroupFile(host, at, "cgroup.procs") ?? "").split("\n"))
      if (/^[1-9]\d*$/.test(line)) found.add(Number(line));
    for (const name of cgroupFiles(host, at))
      if (host.kind(`${at}/${name}`) === "directory") folders.push(`${at}/${name}`);
  }
  return [...found].sort((a, b) => a - b);
}
