// SPDX-License-Identifier: Apache-2.0
// What a container is for the host, found where the kernel shows it.

import { readdirSync, readFileSync } from "node:fs";

export function list(folder, pattern = /./) {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}

/** [{ pid, line }] of the processes other than ours whose command line names `text`. */
export function processesNaming(text) {
  return list("/proc", /^\d+$/)
    .map(Number)
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, line: read(`/proc/${pid}/cmdline`).replaceAll("\0", " ") }))
    .filter(({ line }) => line.includes(text));
}

/** Mount points that match. */
export function mounts(pattern) {
  return read("/proc/self/mountinfo")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((point) => pattern.test(point));
}

/** The folder of the cgroup that the process is in. */
export function cgroupOfProcess(pid) {
  return `/sys/fs/cgroup${read(`/proc/${pid}/cgroup`).match(/^0::(.*)$/m)?.[1] ?? "/none"}`;
}

export function line(path) {
  return read(path).trim();
}

/** The first true answer; asks until there is one. */
export async function until(ask, what, seconds = 120) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** CapEff with every capability that we, and so the daemon, may hand on; Docker 20.10 knows those up to AUDIT_READ. */
export function allCapabilities() {
  const ours = BigInt(`0x${read("/proc/self/status").match(/^CapEff:\s+([0-9a-f]+)$/m)?.[1]}`);
  const hex = (bits) => bits.toString(16).padStart(16, "0");
  return new RegExp(`CapEff:\\s+(${hex(ours)}|${hex(ours & 0x3fffffffffn)})`);
}
