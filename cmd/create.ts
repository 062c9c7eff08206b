// SPDX-License-Identifier: Apache-2.0

import { containerFlags, containerId, createOptions } from "./container-flags.ts";
import { command } from "./flags.ts";

export default command({
  name: "create",
  about: "make a container, up to the point where its program could run",
  description: [
    "Reads config.json of the bundle, checks all of it, and makes the container's namespaces, mounts, cgroup and process. The process waits for start.",
    "Standard input, output and error become those of the container, unless it has a terminal.",
  ],
  reports: true,
  arguments: [containerId],
  flags: containerFlags,
  async run(call) {
    const { create } = await import("../lib/container/create.ts");
    await create(call.runtime, createOptions(call));
    return 0;
  },
});
