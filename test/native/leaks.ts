// SPDX-License-Identifier: Apache-2.0

/** What containers may leave behind on the host, compared before and after. */

import { readdirSync, readFileSync, readlinkSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { mark, markVariable, scratch } from "./scratch.ts";
import { waitFor } from "./wait.ts";

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // gone meanwhile, or not on this kernel
  }
}

/** Where cgroup2 is mounted; scripts/cgroup2.sh sees to it. */
export const cgroupMount = "/sys/fs/cgroup";

function foldersBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => [join(folder, name), ...foldersBelow(join(folder, name))]);
  } catch {
    return []; // removed meanwhile
  }
}

/** The cgroups of this test's containers; the children of each before it. */
export function ownCgroups(): string[] {
  return foldersBelow(cgroupMount)
    .filter((path) => path.includes(mark))
    .reverse();
}

/** Where a process is in the cgroup2 tree. */
export function cgroupOf(pid: number): string {
  const line = read(`/proc/${pid}/cgroup`)
    .split("\n")
    .find((row) => row.startsWith("0::"));
  return line?.slice(3) ?? "";
}

function isOwn(pid: string): boolean {
  if (Number(pid) === process.pid) return false;
  if (read(`/proc/${pid}/environ`).includes(markVariable)) return true;
  if (read(`/proc/${pid}/cgroup`).includes(mark)) return true;
  // init has no environment before its program's, but its output goes to a file of ours
  return ["1", "2"].some((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith(scratch);
    } catch {
      return false;
    }
  });
}

/** Whether the process runs or waits; nobody but its parent can make a zombie go. */
export function isAlive(pid: number | string): boolean {
  return /^State:\s+[^ZX]/m.test(read(`/proc/${pid}/status`));
}

/** Processes of this test's containers and runtimes that are neither dead nor zombies. */
export function ownProcesses(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isOwn(name) && isAlive(name))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`);
}

const settings = ["core_pattern", "sysrq", "modprobe", "hostname", "domainname"];

export interface Snapshot {
  readonly mounts: string;
  readonly settings: string;
  readonly devices: string;
}

/** The host as it is; ids of mounts are left out, since they change when one comes and goes. */
export function snapshot(): Snapshot {
  const mounts = read("/proc/self/mountinfo").replace(/^\d+ \d+ /gm, "");
  return {
    mounts,
    settings: settings.map((name) => `${name}=${read(`/proc/sys/kernel/${name}`)}`).join(""),
    devices: readdirSync("/dev").sort().join(" "),
  };
}

/** Nothing of this test is there any more, and the host is as it was. */
export function expectNoLeaks(before: Snapshot): void {
  // the last of a killed container's processes may still be on its way out
  waitFor(() => ownProcesses().length === 0 && ownCgroups().length === 0, 2000);
  assert.equal(ownProcesses(), [], "processes left behind");
  assert.equal(ownCgroups(), [], "cgroups left behind");
  assert.equal(snapshot(), before, "the host has changed");
}

/** Ends and removes what a failed test left, so that it harms nobody else. */
export function sweep(): void {
  for (const line of ownProcesses()) {
    try {
      process.kill(Number(line.split(" ")[0]), "SIGKILL");
    } catch {
      // it has ended in the meantime
    }
  }
  waitFor(() => ownProcesses().length === 0, 1000);
  for (const path of ownCgroups()) {
    try {
      rmdirSync(path);
    } catch {
      // told of by expectNoLeaks
    }
  }
}
