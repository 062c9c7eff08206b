// SPDX-License-Identifier: Apache-2.0

import type { Features } from "./config/types.ts";
import { unsafeAnnotations } from "./tables/annotations.ts";
import { capabilityNumbers } from "./tables/capabilities.ts";
import { memoryFlags, memoryModes } from "./tables/memory-policy.ts";
import { crunOptions, mountOptions } from "./tables/mount-options.ts";
import { namespaceFlags } from "./tables/namespaces.ts";
import { seccompActions, seccompArchitectures, seccompFlags, seccompOperators } from "./tables/seccomp.ts";
import { specVersion } from "./version.ts";

/** What runts was built to do, whatever the host can; from the tables by which it does it. */
export function features(seccompVersion: string): Features {
  return {
    ociVersionMin: "1.0.0",
    ociVersionMax: specVersion,
    hooks: ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"],
    mountOptions: [...Object.keys(mountOptions), ...Object.keys(crunOptions)].sort(),
    potentiallyUnsafeConfigAnnotations: unsafeAnnotations,
    annotations: { "io.github.seccomp.libseccomp.version": seccompVersion },
    linux: {
      namespaces: Object.keys(namespaceFlags).sort(),
      capabilities: Object.keys(capabilityNumbers),
      cgroup: { v1: false, v2: true, systemd: true, systemdUser: true, rdma: true },
      seccomp: {
        enabled: true,
        actions: Object.keys(seccompActions).sort(),
        operators: Object.keys(seccompOperators).sort(),
        archs: Object.keys(seccompArchitectures).sort(),
        knownFlags: Object.keys(seccompFlags).sort(),
        supportedFlags: Object.keys(seccompFlags).sort(),
      },
      apparmor: { enabled: true },
      selinux: { enabled: true },
      memoryPolicy: { modes: Object.keys(memoryModes).sort(), flags: Object.keys(memoryFlags).sort() },
      intelRdt: { enabled: true, schemata: true, monitoring: true },
      mountExtensions: { idmap: { enabled: true } },
      netDevices: { enabled: true },
    },
  };
}
