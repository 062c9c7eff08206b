// SPDX-License-Identifier: Apache-2.0

import { containerFlags, containerId, createOptions } from "./container-flags.ts";
import { command } from "./flags.ts";
import { traced, traceFlags } from "./tracing.ts";

export default command({
  name: "run",
  about: "create a container, start it, and wait for it",
  description: [
    "Exits with the status of the container's process, or 128 and the number of the signal that ended it. Signals that runts gets are passed on. When the process has ended, the container is deleted.",
  ],
  reports: true,
  arguments: [containerId],
  flags: {
    ...containerFlags,
    detach: { kind: "boolean", alias: "d", about: "do not wait: leave the container running" },
    keep: { kind: "boolean", about: "do not delete the container when its process has ended" },
    ...traceFlags,
  },
  async run(call) {
    const { run } = await import("../lib/container/run.ts");
    const options = { ...createOptions(call), detach: call.has("detach"), keep: call.has("keep") };
    return traced("run", call, (runtime) => run(runtime, options));
  },
});
