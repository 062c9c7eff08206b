// SPDX-License-Identifier: Apache-2.0
// Containers as scopes of systemd's.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { background } from "../background.js";
import { counter, goesOn, withCriu } from "../criu.js";
import { execute } from "../podman.js";
import { expectResult } from "../tap.js";

async function shown(unit, ...names) {
  const { lines } = await execute("systemctl", ["show", "--property", names.join(","), unit]);
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s)));
}

export default function ({ add }, { podman }) {
  const { start, inspect } = background(podman);

  add(
    "a container is a scope in machine.slice, with its limits in systemd's words, and gone with it",
    async () => {
      expectResult(await start("scoped", "exec sleep 1000", "--memory 64m --cpus 0.5 --pids-limit 33"), 0);
      const unit = `libpod-${await inspect("scoped", "{{.Id}}")}.scope`;
      const names = ["ActiveState", "Slice", "MemoryMax", "CPUQuotaPerSecUSec", "TasksMax"];
      assert.deepEqual(await shown(unit, ...names), {
        ActiveState: "active",
        Slice: "machine.slice",
        MemoryMax: "67108864",
        CPUQuotaPerSecUSec: "500ms",
        TasksMax: "33",
      });
      expectResult(await podman("pause scoped"), 0);
      assert.equal(await inspect("scoped", "{{.State.Status}}"), "paused");
      expectResult(await podman("unpause scoped"), 0);
      expectResult(await podman("stop -t 0 scoped"), 0);
      expectResult(await podman("rm scoped"), 0);
      assert.equal((await shown(unit, "ActiveState")).ActiveState, "inactive");
      assert.ok(!existsSync(`/sys/fs/cgroup/machine.slice/${unit}`));
    },
  );

  withCriu(add)("container checkpoint ends the scope, container restore makes it again", async () => {
    expectResult(await start("scope-saved", counter, "--memory 64m --pids-limit 33"), 0);
    const unit = `libpod-${await inspect("scope-saved", "{{.Id}}")}.scope`;
    const printed = async () => (await podman("logs scope-saved")).out;
    const before = await goesOn(printed, 0);
    expectResult(await podman("container checkpoint scope-saved"), 0);
    assert.equal((await shown(unit, "ActiveState")).ActiveState, "inactive");
    expectResult(await podman("container restore scope-saved"), 0);
    assert.deepEqual(await shown(unit, "ActiveState", "Slice", "MemoryMax", "TasksMax"), {
      ActiveState: "active",
      Slice: "machine.slice",
      MemoryMax: "67108864",
      TasksMax: "33",
    });
    assert.equal(readFileSync(`/sys/fs/cgroup/machine.slice/${unit}/memory.max`, "utf8"), "67108864\n");
    await goesOn(printed, before);
    expectResult(await podman("rm -f -t 0 scope-saved"), 0);
    assert.equal((await shown(unit, "ActiveState")).ActiveState, "inactive");
  });
}
