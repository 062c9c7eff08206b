// SPDX-License-Identifier: Apache-2.0
// Health checks: an exec of Docker's own, again and again.

import assert from "node:assert/strict";
import { expectResult } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { containers, idle } from "../containers.js";
import { shell } from "../docker.js";

export default function ({ add }, engine) {
  const { docker } = engine;
  const { inspect } = containers(engine);

  add("a health check becomes unhealthy, then healthy", async () => {
    const interval = "--health-interval 1s --health-retries 1 --health-timeout 60s".split(" ");
    const check = ["--health-cmd", "cat /well"];
    const options = ["run", "-d", "--name", "patient", "--network", "none", ...interval, ...check];
    expectResult(await docker([...options, ...shell("", idle)]), 0);
    const health = () => inspect("patient", "{{.State.Health.Status}}");
    await until(async () => (await health()) === "unhealthy", "unhealthy");
    assert.match(await inspect("patient", "{{json .State.Health.Log}}"), /No such file/);
    expectResult(await docker("exec patient touch /well"), 0);
    await until(async () => (await health()) === "healthy", "healthy");
    expectResult(await docker("rm -f patient"), 0);
  });
}
