// SPDX-License-Identifier: Apache-2.0
// The states of a container, from create to rm.

import assert from "node:assert/strict";
import { chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { background, quietly } from "../background.js";
import { image, shell } from "../podman.js";
import { expectResult } from "../tap.js";

export default function ({ add }, { podman, scratch, user = 0 }) {
  const { start, inspect, printed } = background(podman);

  add("run -d, logs, ps, inspect and rm -f", async () => {
    expectResult(await start("detached", "echo in the background; exec sleep 1000"), 0);
    await printed("detached", "in the background");
    const listed = await podman("ps --filter status=running --format {{.Names}}");
    assert.ok(listed.lines.includes("detached"), "ps does not list it as running");
    const [status, pid] = (await inspect("detached", "{{.State.Status}} {{.State.Pid}}")).split(" ");
    assert.equal(status, "running");
    assert.doesNotThrow(() => process.kill(Number(pid), 0), `process ${pid} is not there`);
    expectResult(await podman("rm -f -t 0 detached"), 0);
    assert.throws(() => process.kill(Number(pid), 0), `process ${pid} is still there`);
  });

  add("create, init, start and restart walk through the states", async () => {
    const status = () => inspect("walker", "{{.State.Status}}");
    expectResult(await podman(["create", ...quietly("walker"), image, "sleep", "1000"]), 0);
    assert.equal(await status(), "created");
    expectResult(await podman("init walker"), 0);
    assert.equal(await status(), "initialized");
    expectResult(await podman("start walker"), 0);
    const first = await inspect("walker", "{{.State.Pid}}");
    expectResult(await podman("restart -t 0 walker"), 0);
    assert.equal(await status(), "running");
    assert.notEqual(await inspect("walker", "{{.State.Pid}}"), first);
    expectResult(await podman("rm -f -t 0 walker"), 0);
  });

  add("--pid container:NAME joins another container's namespace", async () => {
    expectResult(await start("joined", "exec sleep 1234"), 0);
    const script = shell("--pid container:joined", "cat /proc/1/cmdline | tr '\\0' ' '");
    expectResult(await podman(["run", "--rm", ...quietly("joining"), ...script]), 0, "sleep 1234");
    expectResult(await podman("rm -f -t 0 joined"), 0);
  });

  add("hooks of Podman's folder run at each of their stages", async () => {
    const folder = `${scratch}/volume/hooks`;
    const stages = ["createRuntime", "poststart", "poststop"];
    mkdirSync(folder);
    chownSync(folder, user, user);
    for (const stage of stages) {
      const hook = { path: "/bin/sh", args: ["sh", "-c", `cat > ${folder}/${stage}.state`] };
      const described = { version: "1.0.0", hook, when: { always: true }, stages: [stage] };
      writeFileSync(`${folder}/${stage}.json`, JSON.stringify(described));
    }
    expectResult(
      await podman(["--hooks-dir", folder, "run", "--rm", ...quietly("hooked"), image, "true"]),
      0,
    );
    const states = stages.map((stage) => JSON.parse(readFileSync(`${folder}/${stage}.state`, "utf8")));
    assert.deepEqual(
      states.map(({ id }) => id.length),
      [64, 64, 64],
    );
    assert.equal(states[2].status, "stopped");
  });
}
