// SPDX-License-Identifier: Apache-2.0
// Containers in the background, for the checks that watch and signal them.

import assert from "node:assert/strict";
import { shell } from "./podman.js";

/** Names the container and keeps it off the network, which is the quickest. */
export function quietly(name) {
  return ["--name", name, "--network", "none"];
}

export function background(podman) {
  return {
    start: (name, script, options = "") => podman(["run", "-d", ...quietly(name), ...shell(options, script)]),

    inspect: async (name, format) => (await podman(["inspect", "--format", format, name])).out.trim(),

    /** Waits until the container has printed `text`: from then on its traps are set. */
    async printed(name, text) {
      for (let tries = 0; tries < 50; tries++) {
        const logs = await podman(["logs", name]);
        if (logs.out.includes(text)) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      assert.fail(`${name} never printed ${text}`);
    },
  };
}
