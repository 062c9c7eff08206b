// SPDX-License-Identifier: Apache-2.0
// What a container leaves on the host, found where the kernel shows it.

import { readdirSync, readFileSync } from "node:fs";

/** The names in a folder that match; none where there is no such folder. */
export function list(folder, pattern = /./) {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

/** A file's text; none where it is not there. */
export function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // a process has ended meanwhile
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

export function killProcessesNaming(text) {
  for (const { pid } of processesNaming(text)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it has ended meanwhile
    }
  }
}

/** Mount points that match. */
export function mountPoints(pattern) {
  return read("/proc/self/mountinfo")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((point) => pattern.test(point));
}

/** The first true answer; asks until there is one. */
export async function until(ask, what, seconds = 120) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
