// SPDX-License-Identifier: Apache-2.0

import { containerFlags, containerId, createOptions } from "./container-flags.ts";
import { command } from "./flags.ts";
import { traced, traceFlags } from "./tracing.ts";

export default command({
  name: "create",
  about: "make a container, up to the point where its program could run",
  description: [
    "Reads config.json of the bundle, checks all of it, and makes the container's namespaces, mounts, cgroup and process. The process waits for start.",
    "Standard input, output and error become those of the container, unless it has a terminal.",
  ],
  reports: true,
  arguments: [containerId],
  flags: { ...containerFlags, ...traceFlags },
  async run(call) {
    const { create } = await import("../lib/container/create.ts");
    return traced("create", call, async (runtime) => {
      await create(runtime, createOptions(call));
      return 0;
    });
  },
});
