// SPDX-License-Identifier: Apache-2.0

import { table } from "./table.ts";

/** The spec's namespace types and their flags for clone3(2) and setns(2), from linux/sched.h. */
export const namespaceFlags = table<number>({
  user: 0x10000000, // CLONE_NEWUSER
  ipc: 0x08000000, // CLONE_NEWIPC
  uts: 0x04000000, // CLONE_NEWUTS
  network: 0x40000000, // CLONE_NEWNET
  pid: 0x20000000, // CLONE_NEWPID
  cgroup: 0x02000000, // CLONE_NEWCGROUP
  time: 0x00000080, // CLONE_NEWTIME; clone3(2) only, clone(2) keeps these bits for the exit signal
  mount: 0x00020000, // CLONE_NEWNS
});

/**
 * The order in which namespaces are joined: the user namespace first, since it gives the right to join
 * those it owns; the mount namespace last, since it takes the caller's files away.
 */
export const joinOrder: readonly string[] = [
  "user",
  "ipc",
  "uts",
  "network",
  "pid",
  "cgroup",
  "time",
  "mount",
];

/** Names of the files below /proc/PID/ns. */
export const namespaceFiles = table<string>({
  user: "user",
  ipc: "ipc",
  uts: "uts",
  network: "net",
  pid: "pid",
  cgroup: "cgroup",
  time: "time",
  mount: "mnt",
});
