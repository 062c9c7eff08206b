// SPDX-License-Identifier: Apache-2.0
// After all other checks, and every container removed: nothing of the runtime's may be left.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { expectResult } from "./tap.js";

function list(folder, pattern) {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

/** The command lines of processes other than ours that name `text`. */
function processesNaming(text) {
  return list("/proc", /^\d+$/)
    .filter((pid) => Number(pid) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return ""; // it has ended meanwhile
      }
    })
    .filter((line) => line.includes(text));
}

function mountsUnder(folder) {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((point) => point.startsWith(folder) && /\/(merged|userdata|rootfs)(\/|$)/.test(point));
}

function expectNone(found, what) {
  assert.ok(found.length === 0, `${what} left:\n${found.join("\n")}`);
}

/** `before`: what was there before the checks, from snapshot(). */
export default function ({ add }, { podman, list: containers, scratch, cgroups }, before) {
  add("no container is left, for Podman or for the runtime", async () => {
    expectResult(await podman("ps -a -q"), 0, "");
    expectNone(await containersOf(containers, before.containers), "containers");
  });
  add("no process is left", () => expectNone(processesNaming(scratch), "processes"));
  add("no cgroup is left", () => expectNone(list(cgroups, /^libpod-/), "cgroups"));
  add("no mount is left", () => expectNone(mountsUnder(scratch), "mounts"));
}

async function containersOf(containers, known = []) {
  const listed = await containers();
  expectResult(listed, 0);
  return listed.lines.filter((id) => id !== "" && !known.includes(id));
}

export async function snapshot({ list: containers }) {
  return { containers: await containersOf(containers) };
}
