// SPDX-License-Identifier: Apache-2.0
// How containers end: by stop, by kill, in the foreground.

import assert from "node:assert/strict";
import { background, quietly } from "../background.js";
import { shell } from "../podman.js";
import { expectResult } from "../tap.js";

/** A script that does `action` on `signal`; it is ready to when it has printed "ready". */
const trap = (action, signal) => `trap '${action}' ${signal}; echo ready; while :; do sleep 0.1; done`;

export default function ({ add }, { podman }) {
  const { start, inspect, printed } = background(podman);

  add("run exits with 128 + the signal that ended the command", async () => {
    const script = shell("", "echo ready; exec sleep 1000");
    const ended = podman(["run", "--rm", ...quietly("foreground"), ...script]);
    await printed("foreground", "ready");
    expectResult(await podman("kill foreground"), 0);
    expectResult(await ended, 137, "ready");
  });

  add("stop ends the command with SIGTERM", async () => {
    expectResult(await start("stopped", trap("exit 7", "TERM")), 0);
    await printed("stopped", "ready");
    expectResult(await podman("stop stopped"), 0);
    assert.equal(await inspect("stopped", "{{.State.Status}} {{.State.ExitCode}}"), "exited 7");
    expectResult(await podman("rm stopped"), 0);
  });

  add("stop -t 0 ends a command that does not listen", async () => {
    expectResult(await start("deaf", trap("", "TERM")), 0);
    await printed("deaf", "ready");
    expectResult(await podman("stop -t 0 deaf"), 0);
    assert.equal(await inspect("deaf", "{{.State.ExitCode}}"), "137");
    expectResult(await podman("rm deaf"), 0);
  });

  add("kill sends the signal that is asked for, and SIGKILL by default", async () => {
    expectResult(await start("killed", trap("echo got USR1", "USR1")), 0);
    await printed("killed", "ready");
    expectResult(await podman("kill --signal USR1 killed"), 0);
    await printed("killed", "got USR1");
    expectResult(await podman("kill killed"), 0);
    expectResult(await podman("wait killed"), 0, "137");
    expectResult(await podman("rm killed"), 0);
  });
}
