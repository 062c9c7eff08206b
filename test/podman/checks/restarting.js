// SPDX-License-Identifier: Apache-2.0
// What Podman does by itself when a container ends, or is not well.

import assert from "node:assert/strict";
import { background, quietly } from "../background.js";
import { image, shell } from "../podman.js";
import { expectMatch, expectResult } from "../tap.js";

export default function ({ add }, { podman }) {
  const { start, inspect, printed } = background(podman);

  add("--restart on-failure:2 starts it twice more", async () => {
    expectResult(await start("stubborn", "echo once; exit 3", "--restart on-failure:2"), 0);
    const state = () => inspect("stubborn", "{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}}");
    for (let tries = 0; tries < 60 && (await state()) !== "2 exited 3"; tries++) await pause(500);
    assert.equal(await state(), "2 exited 3");
    expectResult(await podman("logs stubborn"), 0, "once\nonce\nonce");
    expectResult(await podman("rm -f -t 0 stubborn"), 0);
  });

  add("a health check that fails says so, with what it printed", async () => {
    const options = "--health-interval disable --health-retries 1";
    const check = ["--health-cmd", "cat /well"];
    const container = [...quietly("unwell"), ...options.split(" "), ...check];
    expectResult(await podman(["run", "-d", ...container, ...shell("", "exec sleep 1000")]), 0);
    expectResult(await podman("healthcheck run unwell"), 1);
    assert.match(await inspect("unwell", "{{json .State.Health}}"), /"unhealthy".*No such file/);
    expectResult(await podman("exec unwell touch /well"), 0);
    expectResult(await podman("healthcheck run unwell"), 0);
    assert.equal(await inspect("unwell", "{{.State.Health.Status}}"), "healthy");
    expectResult(await podman("rm -f -t 0 unwell"), 0);
  });

  add("--stop-signal, --timeout, and a stop that comes while nothing is done", async () => {
    const script = "trap 'echo bye; exit 5' USR1; echo ready; while :; do sleep 0.1; done";
    expectResult(await start("asked", script, "--stop-signal USR1"), 0);
    await printed("asked", "ready");
    expectResult(await podman("stop asked"), 0);
    assert.equal(await inspect("asked", "{{.State.ExitCode}}"), "5");
    expectResult(await podman("rm asked"), 0);
    expectResult(
      await podman(["run", "--rm", "--timeout", "1", ...quietly("timed"), image, "sleep", "1000"]),
      255,
    );
  });

  add("signals that podman run gets reach the container", async () => {
    const script = "trap 'echo hung up; exit 6' HUP; echo ready; while :; do sleep 0.1; done";
    const command = podman(["run", "--rm", "--sig-proxy", ...quietly("proxied"), ...shell("", script)], {
      onStart: (child) => printed("proxied", "ready").then(() => child.kill("SIGHUP")),
    });
    const result = await command;
    expectResult(result, 6, "ready\nhung up");
    expectMatch(result, /^/);
  });
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
