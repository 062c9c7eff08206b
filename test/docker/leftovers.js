// SPDX-License-Identifier: Apache-2.0
// After all other checks, and every container removed: nothing of the runtime's may be left.

import assert from "node:assert/strict";
import { expectResult } from "../podman/tap.js";
import { list, mountPoints, processesNaming, until } from "../podman/traces.js";
import { cgroupParent } from "./docker.js";

/** Docker removes some things after it has answered, so there is a moment to wait. */
async function expectNone(find, what) {
  await until(() => find().length === 0, what, 30).catch(() => {});
  assert.ok(find().length === 0, `${what} left:\n${find().join("\n")}`);
}

const isDocker = /^(dockerd|containerd|[^ ]*\/(dockerd|containerd)) /;

export default function ({ add }, { docker, scratch, cgroupDriver }) {
  add("no container is left, for Docker", async () => expectResult(await docker("ps -a -q"), 0, ""));
  // names with a dot are compiled seccomp filters, which stay
  add("no container is left, for the runtime", () =>
    expectNone(
      () =>
        list(`${scratch}/exec`, /^runtime-/).flatMap((root) => list(`${scratch}/exec/${root}/moby`, /^[^.]/)),
      "containers",
    ),
  );
  add("no shim or other process is left", () =>
    expectNone(
      () =>
        processesNaming(scratch)
          .map(({ line }) => line)
          .filter((line) => !isDocker.test(line)),
      "processes",
    ),
  );
  add("no cgroup is left", () => {
    const parent = cgroupParent(scratch, cgroupDriver);
    return expectNone(() => list(`/sys/fs/cgroup/${parent}`, /^(docker-)?[0-9a-f]{64}/), "cgroups");
  });
  add("no mount is left", () =>
    expectNone(() => mountPoints(/\/runts-docker-.*\/(merged|rootfs|shm|secrets|volumes)(\/|$)/), "mounts"),
  );
}
