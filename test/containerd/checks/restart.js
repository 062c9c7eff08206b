// SPDX-License-Identifier: Apache-2.0
// containerd ends and comes back while containers run.

import { expectMatch, expectResult } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { shell } from "../containerd.js";
import { expectDeleted } from "../traces.js";

export default function ({ add }, engine) {
  const { run, ctr } = engine;
  add("containerd's restart: containers go on, and are known again", async () => {
    expectResult(await run(shell("-d", "restart-on", "sleep 1000")), 0);
    expectResult(await run(shell("-d", "restart-end", "sleep 1000")), 0);
    await engine.stop();
    await engine.runts("kill restart-end KILL");
    await engine.start();
    expectMatch(await ctr("tasks ls"), /^restart-on\s+\d+\s+RUNNING/m);
    await until(
      async () => /^restart-end\s+\d+\s+STOPPED/m.test((await ctr("tasks ls")).out),
      "the end is seen",
    );
    expectResult(await ctr(["tasks", "exec", "--exec-id", "e", "restart-on", "echo", "still"]), 0, "still");
    expectDeleted(await ctr("tasks delete --force restart-on"), 137);
    expectDeleted(await ctr("tasks delete restart-end"), 137);
    for (const id of ["restart-on", "restart-end"]) expectResult(await ctr(`containers delete ${id}`), 0);
  });
}
