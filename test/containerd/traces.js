// SPDX-License-Identifier: Apache-2.0
// What one of containerd's containers is for the host.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { expectMatch, expectResult } from "../podman/tap.js";
import { processesNaming } from "../podman/traces.js";

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
