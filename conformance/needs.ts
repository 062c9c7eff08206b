// SPDX-License-Identifier: Apache-2.0

/** What a case can need of the host; each says what is missing. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Need } from "./case.ts";
import { findProgram } from "./stage/host.ts";

/** The initial user namespace's root: device nodes, foreign user ids, host-wide things. */
export const root: Need = (host) => (host.root ? undefined : "needs root outside of a user namespace");

export const cgroup: Need = (host) =>
  host.cgroupWritable ? undefined : "needs a cgroup2 tree that can be written";

/** memory, cpu, cpuset, io, pids, hugetlb, rdma */
export const controller =
  (name: string): Need =>
  (host) =>
    host.controllers.includes(name) ? undefined : `the cgroup controller ${name} is not in the cgroup2 tree`;

const numbered = (version: string) => version.split(".").map((part) => Number.parseInt(part, 10));

/** kernel(5, 12): that version or newer. */
export const kernel =
  (major: number, minor: number): Need =>
  (host) => {
    const [hasMajor = 0, hasMinor = 0] = numbered(host.kernel);
    const enough = hasMajor > major || (hasMajor === major && hasMinor >= minor);
    return enough ? undefined : `needs Linux ${major}.${minor}, this is ${host.kernel}`;
  };

/** A type under /proc/self/ns: time, cgroup … */
export const namespace =
  (type: string): Need =>
  (host) =>
    host.namespaces.includes(type) ? undefined : `the kernel has no ${type} namespaces`;

export const fileSystem =
  (name: string): Need =>
  (host) =>
    host.fileSystems.includes(name) ? undefined : `the kernel does not know the file system ${name}`;

export const apparmor: Need = (host) =>
  host.modules.includes("apparmor") ? undefined : "AppArmor is not enabled";
export const selinux: Need = (host) =>
  host.modules.includes("selinux") ? undefined : "SELinux is not enabled";
/** The kernel says whether its policy has the label. */
export const selinuxLabel =
  (label: string): Need =>
  () => {
    try {
      writeFileSync("/sys/fs/selinux/context", label);
      return undefined;
    } catch {
      return `the SELinux policy has no ${label}`;
    }
  };

/** For what must be refused where the module is off. */
export const without =
  (need: Need, reason: string): Need =>
  (host) =>
    need(host) === undefined ? reason : undefined;

export const program =
  (name: string): Need =>
  () =>
    findProgram(name) === undefined ? `the program ${name} is not installed` : undefined;

/** A path of the host: a device, a file of /proc/sys. */
export const path =
  (name: string): Need =>
  () =>
    existsSync(name) ? undefined : `the host has no ${name}`;

/** A busybox that needs no libraries; its path is busyboxPath. */
export const busyboxPath = findProgram("busybox") ?? "/bin/busybox";
export const busybox: Need = () => {
  if (!existsSync(busyboxPath)) return "needs a static busybox";
  // The name of a loader stands in the file of a dynamic program.
  const dynamic = readFileSync(busyboxPath).includes("/ld-");
  return dynamic ? `${busyboxPath} is not static` : undefined;
};

/** By number: 24 is CAP_SYS_RESOURCE. Machines in machines may lack it although they call us root. */
export const hostCapability =
  (name: string, bit: number): Need =>
  (host) =>
    (BigInt(`0x${host.capabilities}`) >> BigInt(bit)) & 1n ? undefined : `we have no ${name} ourselves`;
