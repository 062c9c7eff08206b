// SPDX-License-Identifier: Apache-2.0
// A service of a swarm of one machine.

import assert from "node:assert/strict";
import { inSequence } from "../../podman/sequence.js";
import { expectResult } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { image } from "../docker.js";

export default function ({ add: addAnywhere }, { docker }) {
  const add = inSequence(addAnywhere);
  const ids = async () =>
    (await docker("ps -q --filter name=^sleepers --filter status=running")).lines.filter(Boolean);
  const replicas = async () =>
    (await docker(["service", "ls", "--format", "{{.Name}} {{.Replicas}}"])).out.trim();
  const whole = (count) =>
    until(
      async () => (await replicas()) === `sleepers ${count}/${count}` && (await ids()).length === count,
      `${count} replicas`,
      180,
    );

  add("a service with three replicas", async () => {
    expectResult(await docker("swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:12377"), 0);
    const options =
      "--detach --name sleepers --replicas 3 --no-resolve-image --restart-delay 1s --limit-memory 32m";
    expectResult(await docker(`service create ${options} ${image} sleep 100000`), 0);
    await whole(3);
  });

  add("scaled to six", async () => {
    expectResult(await docker("service scale --detach sleepers=6"), 0);
    await whole(6);
  });

  add("one that is killed comes back", async () => {
    const [victim] = await ids();
    expectResult(await docker(`kill ${victim}`), 0);
    await until(async () => !(await ids()).includes(victim), "the victim is gone");
    await whole(6);
  });

  add("service rm ends all of them, and the swarm is left", async () => {
    expectResult(await docker("service rm sleepers"), 0);
    await until(async () => (await ids()).length === 0, "all are gone", 180);
    expectResult(await docker("swarm leave --force"), 0);
    await until(async () => (await docker("ps -a -q --filter name=^sleepers")).out === "", "removed", 120);
    assert.deepEqual(await ids(), []);
  });
}
