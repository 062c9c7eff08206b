// SPDX-License-Identifier: Apache-2.0

// A runtime that is killed at any point of create leaves nothing that `delete --force` does not clean up; and of many
// creates with one id exactly one wins.

import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeBundle, shell } from "./bundle.ts";
import { expectNoLeaks, ownCgroups, ownProcesses, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newId } from "./scratch.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();
const iterations = 60;
const creations = 20;

/** mulberry32: the same delays for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

test(`create killed at ${iterations} random moments leaves nothing after delete --force, and the id is free`, async () => {
  const seed = Number(process.env.RUNTS_SEED ?? Date.now() % 1_000_000);
  const next = random(seed);
  const bundle = makeBundle(shell("sleep 1000"));
  const start = performance.now();
  const timed = newId();
  runtime.ok("create", "--bundle", bundle, timed);
  // the sooner moments are dense, since most of create is in its first part
  const longest = (performance.now() - start) * 1.2;
  runtime.ok("delete", "--force", timed);
  const statuses = new Set<string>();
  for (let i = 0; i < iterations; i++) {
    const delay = next() * longest;
    const where = `RUNTS_SEED=${seed}, iteration ${i}, after ${delay.toFixed(2)} ms`;
    const id = newId();
    const { child, ended } = runtime.launch(["create", "--bundle", bundle, id]);
    await pause(delay);
    child.kill("SIGKILL");
    const { signal } = await ended;
    statuses.add(signal ?? "ended");
    const { status, err } = runtime.call(["delete", "--force", id]);
    assert.equal({ status, err }, { status: 0, err: "" }, where);
    waitFor(() => ownProcesses().length === 0, 2000);
    assert.equal(ownProcesses(), [], where);
    assert.equal(ownCgroups(), [], where);
    assert.equal(
      readdirSync(runtime.root).filter((name) => !name.startsWith(".")),
      [],
      where,
    );
    runtime.ok("create", "--bundle", bundle, id);
    runtime.ok("delete", id);
  }
  assert.ok(statuses.has("SIGKILL"), "some were killed in time");
});

test(`exec killed at ${iterations} random moments leaves nothing behind`, async () => {
  const seed = Number(process.env.RUNTS_SEED ?? Date.now() % 1_000_000);
  const next = random(seed);
  const id = runtime.create(shell("exec sleep 1000"));
  runtime.ok("start", id);
  const start = performance.now();
  runtime.ok("exec", id, "true");
  const longest = (performance.now() - start) * 1.2;
  const files = readdirSync(`${runtime.root}/${id}`);
  for (let i = 0; i < iterations; i++) {
    const delay = next() * longest;
    const { child, ended } = runtime.launch(["exec", id, "true"]);
    await pause(delay);
    child.kill("SIGKILL");
    await ended;
    waitFor(() => ownProcesses().length === 1, 2000);
    assert.is(ownProcesses().length, 1, `RUNTS_SEED=${seed}, iteration ${i}, after ${delay.toFixed(2)} ms`);
  }
  assert.equal(readdirSync(`${runtime.root}/${id}`), files);
  runtime.ok("delete", "--force", id);
});

test("killed creates are listed as creating or not at all, and state does not lie", async () => {
  const bundle = makeBundle((config) => {
    config.hooks = {
      createRuntime: [{ path: "/bin/sleep", args: ["sleep", "1000"], env: config.process.env }],
    };
  });
  const id = newId();
  const { child, ended } = runtime.launch(["create", "--bundle", bundle, id]);
  assert.ok(waitFor(() => ownProcesses().some((line) => line.includes("sleep 1000"))));
  assert.is(runtime.state(id).status, "creating");
  assert.match(runtime.fails("start", id), /creating, not created/);
  child.kill("SIGKILL");
  await ended;
  runtime.ok("delete", "--force", id);
  assert.match(runtime.fails("state", id), /does not exist/);
  // the hook is the engine's own program: nobody but the killed runtime could have ended it
  for (const line of ownProcesses())
    if (line.includes("sleep 1000")) process.kill(Number(line.split(" ")[0]), "SIGKILL");
});

test(`of ${creations} creates with one id at the same time exactly one wins`, async () => {
  const bundle = makeBundle(shell("sleep 1000"));
  const id = newId();
  const results = await Promise.all(
    Array.from({ length: creations }, () => runtime.launch(["create", "--bundle", bundle, id]).ended),
  );
  assert.is(results.filter(({ status }) => status === 0).length, 1);
  for (const { status, err } of results) if (status !== 0) assert.match(err, /already exists/);
  assert.is(runtime.state(id).status, "created");
  runtime.ok("start", id);
  assert.is(runtime.state(id).status, "running");
  runtime.ok("delete", "--force", id);
});

test("commands on one container at the same time do not disturb each other", async () => {
  const id = runtime.create(shell("sleep 1000"));
  const started = await Promise.all(Array.from({ length: 8 }, () => runtime.launch(["start", id]).ended));
  assert.is(started.filter(({ status }) => status === 0).length, 1, started.map(({ err }) => err).join(""));
  const deleted = await Promise.all(
    Array.from({ length: 8 }, () => runtime.launch(["delete", "-f", id]).ended),
  );
  assert.equal(
    deleted.map(({ status, err }) => ({ status, err })),
    deleted.map(() => ({ status: 0, err: "" })),
  );
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
