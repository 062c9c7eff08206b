// SPDX-License-Identifier: Apache-2.0
// Limits that containerd asks for, read where the kernel keeps them.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { expectResult, Skip } from "../../podman/tap.js";
import { namespace, shell } from "../containerd.js";
import { cgroupFile, cgroupOf, expectDeleted } from "../traces.js";

export default function ({ add }, { run, ctr }) {
  add("run --memory-limit --cpus, run --cgroup", async () => {
    const id = "limits";
    const started = await run(shell("-d --memory-limit 67108864 --cpus 0.5", id, "sleep 1000"));
    if (started.code !== 0 && /memory/.test(started.err)) throw new Skip("no memory controller here");
    expectResult(started, 0);
    assert.equal(cgroupFile(namespace, id, "memory.max"), "67108864");
    assert.equal(cgroupFile(namespace, id, "cpu.max"), "50000 100000");
    expectDeleted(await ctr(`tasks delete --force ${id}`), 137);
    expectResult(await ctr(`containers delete ${id}`), 0);
  });
  add("run --cgroup: the place that was asked for, and it is removed", async () => {
    const result = await run(
      shell(`--rm --cgroup /${namespace}/asked`, "limits-cgroup", "grep ^0: /proc/self/cgroup"),
    );
    expectResult(result, 0, `0::/${namespace}/asked`);
    assert.ok(!existsSync(cgroupOf(namespace, "asked")));
  });
}
