// SPDX-License-Identifier: Apache-2.0
// Containers whose cgroups are scopes of systemd's.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { execute } from "../../podman/podman.js";
import { expectResult } from "../../podman/tap.js";
import { mountPoints, until } from "../../podman/traces.js";
import { shell } from "../containerd.js";
import { expectDeleted, killShim } from "../traces.js";

const slice = "runts-test.slice";
const folder = `/sys/fs/cgroup/runts.slice/${slice}`;

async function unitState(id) {
  const shown = await execute("systemctl", ["show", "--property=ActiveState", "--value", `ctr-${id}.scope`]);
  return shown.out.trim();
}

export default function ({ add }, { run, ctr, runts, scratch }) {
  const start = async (id) => {
    const options = `-d --runc-systemd-cgroup --cgroup ${slice}:ctr:${id} --memory-limit 67108864`;
    expectResult(await run(shell(options, id, "sleep 1000")), 0);
    return `${folder}/ctr-${id}.scope`;
  };

  add("run --runc-systemd-cgroup: a scope with its limit; delete ends it", async () => {
    const cgroup = await start("scope");
    assert.equal(await unitState("scope"), "active");
    assert.equal(readFileSync(`${cgroup}/memory.max`, "utf8").trim(), "67108864");
    expectResult(await ctr("tasks pause scope"), 0);
    assert.equal(readFileSync(`${cgroup}/cgroup.freeze`, "utf8").trim(), "1");
    expectResult(await ctr("tasks resume scope"), 0);
    expectDeleted(await ctr("tasks delete --force scope"), 137);
    expectResult(await ctr("containers delete scope"), 0);
    assert.ok(!existsSync(cgroup));
    assert.equal(await unitState("scope"), "inactive");
  });
  add("a shim's kill -9: the scope ends, though containerd does not speak of systemd then", async () => {
    const cgroup = await start("scope-killed");
    killShim("scope-killed", scratch);
    await until(
      async () => !(await ctr("tasks ls -q")).lines.includes("scope-killed"),
      "containerd gives it up",
    );
    await until(() => !existsSync(cgroup), "its cgroup is removed");
    await until(() => mountPoints(/\/scope-killed\//).length === 0, "its mounts are gone");
    assert.equal(await unitState("scope-killed"), "inactive");
    assert.equal((await runts("state scope-killed")).code, 1);
    expectResult(await ctr("containers delete scope-killed"), 0);
  });
}
