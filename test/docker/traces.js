// SPDX-License-Identifier: Apache-2.0
// What one of Docker's containers is for the host.

import { read } from "../podman/traces.js";

/** The folder of the cgroup that the process is in. */
export function cgroupOfProcess(pid) {
  return `/sys/fs/cgroup${read(`/proc/${pid}/cgroup`).match(/^0::(.*)$/m)?.[1] ?? "/none"}`;
}

export function line(path) {
  return read(path).trim();
}

/** CapEff with every capability that we, and so the daemon, may hand on; Docker 20.10 knows those up to AUDIT_READ. */
export function allCapabilities() {
  const ours = BigInt(`0x${read("/proc/self/status").match(/^CapEff:\s+([0-9a-f]+)$/m)?.[1]}`);
  const hex = (bits) => bits.toString(16).padStart(16, "0");
  return new RegExp(`CapEff:\\s+(${hex(ours)}|${hex(ours & 0x3fffffffffn)})`);
}
