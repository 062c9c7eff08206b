// SPDX-License-Identifier: Apache-2.0
// After all other checks, and every container removed: nothing of the runtime's may be left.

import assert from "node:assert/strict";
import { expectResult } from "./tap.js";
import { list, mountPoints, processesNaming } from "./traces.js";

function mountsUnder(folder) {
  return mountPoints(/\/(merged|userdata|rootfs)(\/|$)/).filter((point) => point.startsWith(folder));
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
  add("no process is left", () => expectNone(linesOf(processesNaming(scratch)), "processes"));
  add("no cgroup is left", () => expectNone(cgroupsIn(cgroups, before.cgroups), "cgroups"));
  add("no mount is left", () => expectNone(mountsUnder(scratch), "mounts"));
}

const linesOf = (processes) => processes.map(({ line }) => line);

async function containersOf(containers, known = []) {
  const listed = await containers();
  expectResult(listed, 0);
  return listed.lines.filter((id) => id !== "" && !known.includes(id));
}

/** Pods have slices of their own. */
function cgroupsIn(folder, known = []) {
  return list(folder, /^(libpod-|machine-libpod_pod_)/).filter((name) => !known.includes(name));
}

export async function snapshot({ list: containers, cgroups }) {
  return { containers: await containersOf(containers), cgroups: cgroupsIn(cgroups) };
}
