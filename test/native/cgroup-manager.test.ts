// SPDX-License-Identifier: Apache-2.0

// --cgroup-manager, as crun has it: a container without a cgroup of its own.

import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { combine, makeBundle, shell } from "./bundle.ts";
import { expectNoLeaks, ownCgroups, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newId } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();
const own = readFileSync("/proc/self/cgroup", "utf8");
const disabled = "--cgroup-manager=disabled";

test("disabled: the container stays in the caller's cgroup, through its whole life", () => {
  const id = newId();
  runtime.ok(disabled, "create", "--bundle", makeBundle(shell("sleep 60")), id);
  const { pid } = runtime.state(id);
  assert.is(readFileSync(`/proc/${pid}/cgroup`, "utf8"), own);
  assert.equal(ownCgroups(), []);
  runtime.ok("start", id);
  runtime.ok("exec", id, "/bin/true");
  // there is nothing to freeze
  assert.match(runtime.fails("pause", id), /cgroup/);
  assert.match(runtime.fails("update", "--pids-limit", "7", id), /cgroup/);
  runtime.ok("kill", "--all", id, "KILL");
  runtime.ok("delete", "--force", id);
});

test("disabled: a limit is refused by name, and device rules are warned of", () => {
  const limited = makeBundle(({ linux }) => {
    linux.resources = { pids: { limit: 9 } };
  });
  assert.match(
    runtime.fails(disabled, "create", "--bundle", limited, newId()),
    /disabled.*\/linux\/resources\/pids\/limit/,
  );
  const ruled = makeBundle(
    combine(shell("exit 7"), ({ linux }) => {
      linux.resources = { devices: [{ allow: false, access: "rwm" }] };
    }),
  );
  const { status, err } = runtime.call([disabled, "run", "--bundle", ruled, newId()]);
  assert.is(status, 7);
  assert.match(err, /warning: \/linux\/resources\/devices: .*disabled.*do not hold/);
});

test("cgroupfs is what is there without the flag; another manager is none", () => {
  const id = newId();
  runtime.ok("--cgroup-manager", "cgroupfs", "create", "--bundle", makeBundle(), id);
  assert.is.not(readFileSync(`/proc/${runtime.state(id).pid}/cgroup`, "utf8"), own);
  runtime.ok("delete", "--force", id);
  assert.match(runtime.fails("--cgroup-manager=none", "state", id), /cgroup-manager/);
});

test("nothing stays behind", () => expectNoLeaks(before));

test.run();
