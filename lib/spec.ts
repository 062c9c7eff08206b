// SPDX-License-Identifier: Apache-2.0

import type { Config, Linux, Mount, NamespaceType } from "./config/types.ts";
import { specVersion } from "./version.ts";

const capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

function mount(destination: string, type: string, source: string, ...options: string[]): Mount {
  return { destination, type, source, ...(options.length === 0 ? {} : { options }) };
}

function mounts(rootless: boolean): Mount[] {
  // Group 5 is tty, which a user namespace with one group in it does not have.
  const tty = rootless ? [] : ["gid=5"];
  // sysfs is for the owner of a network namespace to mount; the host's brings its cgroups along.
  const sys = rootless
    ? [mount("/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro")]
    : [
        mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
        mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"),
      ];
  return [
    mount("/proc", "proc", "proc"),
    mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
    mount(
      "/dev/pts",
      "devpts",
      "devpts",
      "nosuid",
      "noexec",
      "newinstance",
      "ptmxmode=0666",
      "mode=0620",
      ...tty,
    ),
    mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
    mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
    ...sys,
  ];
}

const maskedPaths = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/sched_debug",
  "/sys/firmware",
  "/proc/scsi",
];
const readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function linux(owner: Owner | undefined): Linux {
  const types: NamespaceType[] = ["pid", "ipc", "uts", "mount", "cgroup"];
  const paths = { maskedPaths, readonlyPaths };
  if (owner === undefined)
    return {
      resources: { devices: [{ allow: false, access: "rwm" }] },
      namespaces: [...types, "network" as const].map((type) => ({ type })),
      ...paths,
    };
  return {
    uidMappings: [{ containerID: 0, hostID: owner.uid, size: 1 }],
    gidMappings: [{ containerID: 0, hostID: owner.gid, size: 1 }],
    namespaces: [...types, "user" as const].map((type) => ({ type })),
    ...paths,
  };
}

/** The config.json to begin with; for a caller without root when one is given. */
export function exampleConfig(owner?: Owner): Config {
  return {
    ociVersion: specVersion,
    process: {
      terminal: true,
      user: { uid: 0, gid: 0 },
      args: ["sh"],
      env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
      cwd: "/",
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      rlimits: [{ type: "RLIMIT_NOFILE", hard: 1024, soft: 1024 }],
      noNewPrivileges: true,
    },
    root: { path: "rootfs", readonly: true },
    hostname: "runts",
    mounts: mounts(owner !== undefined),
    linux: linux(owner),
  };
}
