// SPDX-License-Identifier: Apache-2.0
// After all other checks, and every container removed: nothing of the runtime's may be left.

import assert from "node:assert/strict";
import { expectResult } from "../podman/tap.js";
import { list, mountPoints, processesNaming, until } from "../podman/traces.js";
import { namespace, podNamespace } from "./containerd.js";

async function expectNone(find, what) {
  // a shim may take a moment to end after its container was deleted
  await until(() => find().length === 0, what).catch(() => {});
  const found = find();
  assert.ok(found.length === 0, `${what} left:\n${found.map((one) => one.line ?? one).join("\n")}`);
}

export default function ({ add }, { ctr, scratch, daemon }) {
  add("no task or container is left, for containerd", async () => {
    for (const where of [namespace, podNamespace]) {
      expectResult(await ctr(["--namespace", where, "tasks", "ls", "-q"]), 0, "");
      expectResult(await ctr(["--namespace", where, "containers", "ls", "-q"]), 0, "");
    }
  });
  // among the last is where the shim puts them unless told otherwise
  const roots = [namespace, podNamespace]
    .map((where) => `${scratch}/runtime/${where}`)
    .concat(`/run/containerd/runc/${namespace}`, `${scratch}/default-runtime/${podNamespace}`);
  add("no container is left, for the runtime", () =>
    expectNone(() => roots.flatMap((root) => list(root, /^[^.]/)), "containers"),
  );
  add("no shim or process is left", () =>
    expectNone(() => processesNaming(scratch).filter(({ pid }) => pid !== daemon.pid), "processes"),
  );
  add("no cgroup is left", () =>
    expectNone(
      () =>
        [namespace, "runts-pods", "runts.slice/runts-pods.slice", "runts.slice/runts-test.slice"].flatMap(
          (where) => list(`/sys/fs/cgroup/${where}`, /^[^.]*$|\.scope$/),
        ),
      "cgroups",
    ),
  );
  add("no network is left", () =>
    expectNone(() => list("/sys/class/net/runts-cni0/brif"), "ends of networks"),
  );
  add("no mount is left", () =>
    expectNone(() => mountPoints(/^\/run\/runts-containerd-.*\/state\//), "mounts"),
  );
}
