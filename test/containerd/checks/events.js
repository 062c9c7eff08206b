// SPDX-License-Identifier: Apache-2.0
// What the shim tells of a container's end, which it learns from its cgroup.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { Skip } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { namespace, shell } from "../containerd.js";
import { cgroupFile } from "../traces.js";

export default function ({ add }, { run, ctr, socket }) {
  add("events: start, out of memory, exit", async () => {
    const id = "events-oom";
    const events = spawn("ctr", ["--address", socket, "--namespace", namespace, "events"]);
    let out = "";
    events.stdout.on("data", (chunk) => {
      out += chunk;
    });
    try {
      const started = await run(shell("-d --memory-limit 16777216", id, "sleep 2; exec tail /dev/zero"));
      if (started.code !== 0 && /memory/.test(started.err)) throw new Skip("no memory controller here");
      assert.equal(started.code, 0, started.err);
      assert.equal(cgroupFile(namespace, id, "memory.max"), "16777216");
      await until(() => new RegExp(`/tasks/exit .*"${id}"`).test(out), `/tasks/exit:\n${out}`);
      await until(() => new RegExp(`/tasks/oom .*"${id}"`).test(out), "/tasks/oom");
      for (const topic of ["create", "start"]) assert.match(out, new RegExp(`/tasks/${topic} .*"${id}"`));
      assert.match(out, /"exit_status":137/);
    } finally {
      events.kill("SIGKILL");
      await ctr(`tasks delete --force ${id}`);
      await ctr(`containers delete ${id}`);
    }
  });
}
