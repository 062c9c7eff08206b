// SPDX-License-Identifier: Apache-2.0
// How containers end: by kill, by stop, in the foreground, by themselves.

import assert from "node:assert/strict";
import { expectResult } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { containers, idle } from "../containers.js";
import { shell } from "../docker.js";

/** A script that does `action` on `signal`; it is ready to when it has printed "ready". */
const trap = (action, signal) => `trap '${action}' ${signal}; echo ready; ${idle}`;

export default function ({ add }, engine) {
  const { docker } = engine;
  const { start, inspect, printed } = containers(engine);

  add("kill sends the signal that is asked for, and SIGKILL by default", async () => {
    expectResult(await start("killed", trap("echo got USR1", "USR1")), 0);
    await printed("killed", "ready");
    expectResult(await docker("kill --signal USR1 killed"), 0);
    await printed("killed", "got USR1");
    expectResult(await docker("kill killed"), 0);
    expectResult(await docker("wait killed"), 0, "137");
    expectResult(await docker("rm killed"), 0);
  });

  add("stop -t 1 kills a command that does not listen", async () => {
    expectResult(await start("deaf", trap("", "TERM")), 0);
    await printed("deaf", "ready");
    expectResult(await docker("stop -t 1 deaf"), 0);
    assert.equal(await inspect("deaf", "{{.State.ExitCode}}"), "137");
    expectResult(await docker("rm deaf"), 0);
  });

  add("run in the foreground hands signals on", async () => {
    const ended = docker([
      ...["run", "--rm", "--name", "foreground", "--network", "none", "--stop-signal", "INT"],
      ...shell("", trap("exit 11", "INT")),
    ]);
    await until(
      async () => (await docker("logs foreground")).out.includes("ready"),
      "foreground prints ready",
    );
    expectResult(await docker("stop -t 60 foreground"), 0);
    expectResult(await ended, 11, "ready");
  });

  add("--restart on-failure:2 starts it twice more", async () => {
    expectResult(await start("stubborn", "echo once; exit 3", "--restart on-failure:2"), 0);
    const state = () => inspect("stubborn", "{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}}");
    await until(async () => (await state()) === "2 exited 3", "two restarts");
    expectResult(await docker("logs stubborn"), 0, "once\nonce\nonce");
    expectResult(await docker("rm -f stubborn"), 0);
  });
}
