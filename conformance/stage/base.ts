// SPDX-License-Identifier: Apache-2.0

/** The config that every case starts from: small, and legal for any runtime. */

import type { Place } from "./place.ts";
import type { JsonObject } from "./pointer.ts";

const capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

export const baseMounts = [
  { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
  {
    destination: "/dev",
    type: "tmpfs",
    source: "tmpfs",
    options: ["nosuid", "strictatime", "mode=755", "size=65536k"],
  },
  {
    destination: "/dev/pts",
    type: "devpts",
    source: "devpts",
    options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"],
  },
  {
    destination: "/dev/shm",
    type: "tmpfs",
    source: "shm",
    options: ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"],
  },
];

/** `words` are the command line of the probe, which is the container's program. */
export function baseConfig(place: Place, words: readonly string[]): JsonObject {
  return {
    // Not 1.3.0: crun 1.8 refuses what does not begin with 1.0, and nobody reads fields by their version.
    ociVersion: "1.0.2",
    root: { path: "rootfs", readonly: false },
    hostname: "conformance",
    mounts: baseMounts,
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: ["/probe", ...words],
      env: ["PATH=/usr/bin:/bin", "TERM=dumb"],
      cwd: "/",
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      noNewPrivileges: true,
    },
    linux: {
      // Without a tree to write in there is nowhere to put the container.
      ...(place.host.cgroupWritable ? { cgroupsPath: place.cgroup } : {}),
      namespaces: [{ type: "pid" }, { type: "mount" }, { type: "ipc" }, { type: "uts" }],
    },
  };
}
