// SPDX-License-Identifier: Apache-2.0

// A container as a service of Type=notify, with systemd itself at the other end of NOTIFY_SOCKET.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeBundle } from "../native/bundle.ts";
import { newFolder } from "../native/files.ts";
import { expectNoLeaks, snapshot } from "../native/leaks.ts";
import { telling } from "../native/notify-program.ts";
import { Runtime } from "../native/runtime.ts";
import { newId } from "../native/scratch.ts";
import { waitFor } from "../native/wait.ts";

const before = snapshot();
const runtime = new Runtime();

function shown(unit: string, property: string): string {
  return execFileSync("systemctl", ["show", "--property", property, "--value", unit], {
    encoding: "utf8",
  }).trim();
}

const ready = "until [ -e /talk/go ]; do sleep 0.1; done; /tools/notify send READY=1; exec sleep 1000";

/** Starts a transient service of these words, without waiting for it. */
function startUnit(unit: string, words: readonly string[]): void {
  const options = [`--unit=${unit}`, "--no-block", "--property=Type=notify"];
  const { status, stderr } = spawnSync("systemd-run", [...options, ...words], { encoding: "utf8" });
  assert.is(status, 0, stderr);
}

for (const detach of [true, false])
  test(`run${detach ? " --detach" : ""}: the service is active when the program is ready, and its main process is ${detach ? "the container's" : "runts"}`, () => {
    const id = newId();
    const unit = `runts-notify-${id}.service`;
    const talk = newFolder();
    const flags = ["--bundle", makeBundle(telling(ready, talk)), ...(detach ? ["--detach"] : [])];
    startUnit(unit, [...runtime.host.command, "--root", runtime.root, "run", ...flags, id]);
    const runs = () => existsSync(`${runtime.root}/${id}/process`) && runtime.state(id).status === "running";
    assert.ok(waitFor(runs, 60_000));
    assert.is(shown(unit, "ActiveState"), "activating");
    writeFileSync(`${talk}/go`, "");
    assert.ok(waitFor(() => shown(unit, "ActiveState") === "active", 60_000));
    const { pid } = runtime.state(id);
    if (detach) {
      assert.ok(
        waitFor(() => shown(unit, "MainPID") === String(pid), 20_000),
        shown(unit, "MainPID"),
      );
    } else assert.is.not(shown(unit, "MainPID"), String(pid));
    runtime.ok("kill", id, "KILL");
    assert.ok(waitFor(() => ["inactive", "failed"].includes(shown(unit, "ActiveState")), 60_000));
    runtime.ok("delete", "--force", id);
    spawnSync("systemctl", ["reset-failed", unit]);
  });

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
