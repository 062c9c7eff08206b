// SPDX-License-Identifier: Apache-2.0

// pause and resume: cgroup.freeze, which needs no controller.

import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shell } from "./bundle.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { waitFor } from "./wait.ts";

const before = snapshot();
const runtime = new Runtime();

const frozen = (id: string) =>
  /^frozen 1$/m.test(readFileSync(`${cgroupMount}/runts-${id}/cgroup.events`, "utf8"));

test("a running container is paused and goes on", () => {
  const id = runtime.create(shell("sleep 1000"));
  runtime.ok("start", id);
  runtime.ok("pause", id);
  assert.is(runtime.state(id).status, "paused");
  assert.ok(frozen(id));
  assert.match(runtime.fails("pause", id), /cannot pause container .* it is paused/);
  runtime.ok("resume", id);
  assert.is(runtime.state(id).status, "running");
  assert.not(frozen(id));
  assert.match(runtime.fails("resume", id), /cannot resume container .* it is running/);
  runtime.ok("delete", "--force", id);
});

test("a paused container is killed and deleted as any other", () => {
  const id = runtime.create(shell("sleep 1000"));
  runtime.ok("start", id);
  runtime.ok("pause", id);
  runtime.ok("delete", "--force", id);
  runtime.fails("state", id);
});

test("what is not there or has ended cannot be paused", () => {
  runtime.fails("pause", "no-such-container");
  const id = runtime.create();
  runtime.ok("kill", id, "KILL");
  assert.ok(waitFor(() => runtime.state(id).status === "stopped"));
  assert.match(runtime.fails("pause", id), /cannot pause|not running|it is stopped/);
  runtime.ok("delete", "--force", id);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
