// SPDX-License-Identifier: Apache-2.0
// What a container leaves on the host, found where the kernel shows it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { expectMatch, expectResult } from "../podman/tap.js";

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

/** Mount points that contain `text`. */
export function mountsNaming(text) {
  return read("/proc/self/mountinfo")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((point) => point.includes(text));
}

/** SIGKILL for the one shim of a container. */
export function killShim(id, scratch) {
  const shims = processesNaming(`-id ${id} -address ${scratch}`);
  assert.equal(shims.length, 1, "one shim");
  process.kill(shims[0].pid, "SIGKILL");
}

/** Below the cgroup2 mount, where containerd puts a container unless told otherwise. */
export function cgroupOf(namespace, id) {
  return `/sys/fs/cgroup/${namespace}/${id}`;
}

/** A file of a cgroup, trimmed; undefined where it is not there. */
export function readCgroup(cgroup, name) {
  try {
    return readFileSync(`${cgroup}/${name}`, "utf8").trim();
  } catch {
    return undefined;
  }
}

export function cgroupFile(namespace, id, name) {
  return readCgroup(cgroupOf(namespace, id), name);
}

/** By which Docker tells exit status 127: the command's name and one of these, in letters of any size. */
export const notFound = /(?=.*no-such-program).*(executable file not found|no such file or directory)/is;

/** What ctr says of a task that it deletes, whose exit code it does not hand on. */
export function expectDeleted(result, code) {
  expectResult(result, 0);
  expectMatch(result, new RegExp(`exit with non-zero exit code ${code}\\b`));
}

/** The first result that is not undefined or false, asked for until there is one. */
export async function until(ask, what, seconds = 90) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
