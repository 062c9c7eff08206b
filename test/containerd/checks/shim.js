// SPDX-License-Identifier: Apache-2.0
// A shim that is killed: containerd has `delete --force` called for what it leaves.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { expectResult } from "../../podman/tap.js";
import { mountPoints, until } from "../../podman/traces.js";
import { namespace, shell } from "../containerd.js";
import { cgroupOf, killShim } from "../traces.js";

export default function ({ add }, { run, ctr, runts, scratch }) {
  add("a shim's kill -9 leaves no process, record, cgroup or mount", async () => {
    const id = "shim-killed";
    expectResult(await run(shell("-d", id, "sleep 1000 & sleep 1000")), 0);
    const { pid } = JSON.parse((await runts(`state ${id}`)).out);
    killShim(id, scratch);
    await until(async () => !(await ctr("tasks ls -q")).lines.includes(id), "containerd gives it up");
    await until(() => !existsSync(`/proc/${pid}`), "its process ends");
    await until(() => !existsSync(cgroupOf(namespace, id)), "its cgroup is removed");
    await until(() => mountPoints(new RegExp(`/${id}/`)).length === 0, "its mounts are gone");
    assert.equal((await runts(`state ${id}`)).code, 1);
    expectResult(await ctr(`containers delete ${id}`), 0);
  });
}
