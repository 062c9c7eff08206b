// SPDX-License-Identifier: Apache-2.0

/** What a case left behind in the worker's namespaces: processes, mounts, cgroups, state. */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { foldersBelow, mountpoint, removeCgroup } from "./cgroups.ts";

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}

/** A zombie with threads is alive, too: seccomp can end the first thread of a process alone. */
function isAlive(pid: number): boolean {
  const status = read(`/proc/${pid}/status`);
  return /^State:\s+[^ZX]/m.test(status) || /^Threads:\s+([2-9]|\d\d)/m.test(status);
}

/** Everything in our PID namespace but its init, ourselves, and those named. */
export function strangers(known: ReadonlySet<number> = new Set()): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 1 && pid !== process.pid && !known.has(pid) && isAlive(pid));
}

const commandOf = (pid: number) => read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim().slice(0, 120);

/** Mount points with their ids, in the order of mounting. */
export type Mounts = ReadonlyMap<string, string>;
export function mountsNow(): Mounts {
  const lines = read("/proc/self/mountinfo").split("\n").filter(Boolean);
  return new Map(lines.map((line) => [line.split(" ")[0] ?? "", line.split(" ")[4] ?? ""]));
}

function newMounts(before: Mounts): readonly string[] {
  return [...mountsNow()].flatMap(([id, point]) => (before.has(id) ? [] : [point]));
}

export interface Traces {
  /** before the container was made */
  readonly mounts: Mounts;
  /** processes that belong to the suite */
  readonly known: ReadonlySet<number>;
  /** of the containers */
  readonly ids: readonly string[];
  readonly cgroups: readonly string[];
  /** --root of the runtime */
  readonly root: string;
}

function findLeaks({ mounts, known, ids, cgroups, root }: Traces): readonly string[] {
  const named = (path: string) => ids.some((id) => (path.split("/").at(-1) ?? "").includes(id));
  // A runtime that ignores cgroupsPath puts the id into a name of its own.
  const elsewhere = foldersBelow(mountpoint).filter(named);
  return [
    ...strangers(known).map((pid) => `process ${pid} ${commandOf(pid)}`),
    ...newMounts(mounts).map((point) => `mount ${point}`),
    ...new Set([...cgroups.filter((path) => existsSync(path)), ...elsewhere].map((path) => `cgroup ${path}`)),
    ...(existsSync(root) ? readdirSync(root).filter(named) : []).map((name) => `state ${root}/${name}`),
  ];
}

/** Killed processes may need a moment to go; what is there after half a second (more on slow hosts) stays. */
export async function leaksOf(traces: Traces, milliseconds: number): Promise<readonly string[]> {
  const deadline = Date.now() + milliseconds;
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    const leaks = findLeaks(traces);
    if (leaks.length === 0 || Date.now() > deadline) return leaks;
    await sleep(pause);
  }
}

/** Ends every process and removes every mount and cgroup that was not there before. */
export async function sweep({ mounts, known, ids, cgroups }: Traces): Promise<void> {
  const deadline = Date.now() + 5000;
  for (let pids = strangers(known); pids.length > 0 && Date.now() < deadline; pids = strangers(known)) {
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // ended meanwhile
      }
    }
    // The kernel lets go of a frozen process only through its cgroup.
    cgroups.forEach(removeCgroup);
    await sleep(2);
  }
  for (const path of [...cgroups, ...foldersBelow(mountpoint)]) {
    if (cgroups.includes(path) || ids.some((id) => path.includes(id))) removeCgroup(path);
  }
  for (const point of newMounts(mounts).toReversed()) {
    spawnSync("umount", ["--lazy", "--no-canonicalize", point], { stdio: "ignore" });
  }
}
