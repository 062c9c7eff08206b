// SPDX-License-Identifier: Apache-2.0
// Containers in the background, and what Docker says of them.

import assert from "node:assert/strict";
import { until } from "../podman/traces.js";
import { shell } from "./docker.js";
import { cgroupOfProcess, line } from "./traces.js";

/** A script that waits for ever and listens to its traps at once; it takes no time, as a loop of sleeps does. */
export const idle = "sleep 1000000 & while :; do wait; done";

export function containers({ docker }) {
  const inspect = async (name, format) => (await docker(["inspect", "--format", format, name])).out.trim();
  return {
    /** Without network, which is the quickest. */
    start: (name, script, options = "") =>
      docker(["run", "-d", "--name", name, "--network", "none", ...shell(options, script)]),

    inspect,
    status: (name) => inspect(name, "{{.State.Status}}"),

    /** Waits until the container has printed `text`: from then on its traps are set. */
    async printed(name, text) {
      const has = async () => {
        const { out, err } = await docker(["logs", name]);
        return (out + err).includes(text);
      };
      await until(has, `${name} prints ${text}`);
    },

    /** A file of its cgroup, read on the host. */
    async cgroupFile(name, file) {
      const pid = await inspect(name, "{{.State.Pid}}");
      assert.match(pid, /^[1-9]/, `${name} does not run`);
      return line(`${cgroupOfProcess(pid)}/${file}`);
    },
  };
}
