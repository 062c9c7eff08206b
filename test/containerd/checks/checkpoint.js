// SPDX-License-Identifier: Apache-2.0
// Tasks that are written to files and come back, by criu(8): containerd pauses them before it asks for it, and
// restores them where it would start them.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { goesOn, withCriu } from "../../podman/criu.js";
import { inSequence } from "../../podman/sequence.js";
import { expectMatch, expectResult } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { namespace, shell } from "../containerd.js";
import { cgroupFile } from "../traces.js";

export default function ({ add: addOne }, { run, ctr, runts, scratch }) {
  const add = inSequence(withCriu(addOne));
  const shared = `${scratch}/counted`;
  const count = () => readFileSync(`${shared}/count`, "utf8");
  const status = async (id) => {
    const listed = await ctr("tasks ls");
    return new RegExp(`^${id}\\s+\\d+\\s+(\\w+)`, "m").exec(listed.out)?.[1];
  };
  const remove = async (id) => {
    expectResult(await ctr(`tasks delete --force ${id}`), 0);
    expectResult(await ctr(`containers delete ${id}`), 0);
  };

  add("tasks checkpoint: its files, and the task goes on", async () => {
    mkdirSync(shared);
    const mount = `--memory-limit 67108864 --mount type=bind,src=${shared},dst=/shared,options=rbind:rw`;
    // a file that is open must be as long as it was, when the task comes back
    const script = "i=0; while :; do i=$((i+1)); echo $i >> /shared/count; sleep 0.3; done";
    expectResult(await run(shell(`-d ${mount}`, "saved", script)), 0);
    await goesOn(count, 0);
    const paths = `--image-path ${scratch}/images --work-path ${scratch}/work`;
    expectResult(await ctr(`tasks checkpoint ${paths} saved`), 0);
    assert.ok(existsSync(`${scratch}/images/inventory.img`) && existsSync(`${scratch}/work/dump.log`));
    assert.equal(await status("saved"), "RUNNING");
    await goesOn(count, count().split("\n").length);
  });

  add("containers checkpoint --task, restore --live: it goes on under another name", async () => {
    expectResult(await ctr("containers checkpoint --rw --image --task saved localhost/checkpoint"), 0);
    await remove("saved");
    const before = count().split("\n").length;
    expectResult(await ctr("containers restore --rw --live moved localhost/checkpoint"), 0);
    assert.equal(await status("moved"), "RUNNING");
    // the one that was removed went on after its checkpoint, so some numbers come twice
    await until(() => count().split("\n").length > before + 2, "it goes on");
    const numbers = count().split("\n").slice(0, -1).map(Number);
    assert.ok(Number(numbers.at(-1)) > 5, `${numbers}`);
    const state = JSON.parse((await runts("state moved")).out);
    assert.equal(state.status, "running");
    assert.equal(cgroupFile(namespace, "moved", "memory.max"), undefined);
    assert.equal(cgroupFile(namespace, "saved", "memory.max"), "67108864");
  });

  add("tasks checkpoint --exit: it has ended", async () => {
    expectResult(await ctr(`tasks checkpoint --exit --image-path ${scratch}/last moved`), 0);
    await until(async () => (await status("moved")) === "STOPPED", "it has ended");
    await remove("moved");
    expectMatch(await ctr("images rm localhost/checkpoint"), /localhost\/checkpoint/);
  });
}
