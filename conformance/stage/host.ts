// SPDX-License-Identifier: Apache-2.0

/** What this host has, as far as cases depend on it: gathered once, inside a worker's namespaces. */

import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { machine, release } from "node:os";
import { delimiter } from "node:path";

export interface Host {
  /** root of the initial user namespace */
  readonly root: boolean;
  readonly kernel: string;
  readonly architecture: string;
  /** /sys/fs/cgroup is a cgroup2 tree, and we can make cgroups in it */
  readonly cgroupWritable: boolean;
  readonly controllers: readonly string[];
  /** types under /proc/self/ns */
  readonly namespaces: readonly string[];
  /** of /proc/filesystems */
  readonly fileSystems: readonly string[];
  /** apparmor, selinux … */
  readonly modules: readonly string[];
  /** bits of our own bounding set; a nested machine may lack some */
  readonly capabilities: string;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // not on this kernel, or not mounted
  }
}

export const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== "");

export function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function lookAtModules(): string[] {
  const apparmor = read("/sys/module/apparmor/parameters/enabled").startsWith("Y") ? ["apparmor"] : [];
  const selinux = existsSync("/sys/fs/selinux/enforce") ? ["selinux"] : [];
  return [...apparmor, ...selinux];
}

/** `controllers` are those that the suite could enable for its own cgroups (cgroups.ts). */
export function lookAtHost(cgroups: Pick<Host, "cgroupWritable" | "controllers">): Host {
  return {
    ...cgroups,
    root: process.getuid?.() === 0 && /^\s*0\s+0\s+4294967295\s*$/.test(read("/proc/self/uid_map")),
    kernel: release(),
    architecture: machine(),
    namespaces: readdirSync("/proc/self/ns").filter((name) => !name.endsWith("_for_children")),
    fileSystems: read("/proc/filesystems")
      .split("\n")
      .map((line) => line.split("\t").at(-1) ?? "")
      .filter((name) => name !== ""),
    modules: lookAtModules(),
    capabilities: read("/proc/self/status").match(/^CapBnd:\s*(\w+)/m)?.[1] ?? "0",
  };
}

/** The path of a program of the host, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).concat("/usr/sbin", "/sbin");
  return folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}
