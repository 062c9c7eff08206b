// SPDX-License-Identifier: Apache-2.0

import { absolutePath } from "../lib/path.ts";
import { containerFlags, containerId, createOptions } from "./container-flags.ts";
import { command } from "./flags.ts";

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
    trace: {
      kind: "string",
      value: "FILE",
      about: "write a timed line for each step of each process to FILE; to standard error for -",
    },
  },
  async run(call) {
    const { run } = await import("../lib/container/run.ts");
    const trace = call.text("trace");
    return run(call.runtime, {
      ...createOptions(call),
      detach: call.has("detach"),
      keep: call.has("keep"),
      ...(trace === undefined ? {} : { trace: trace === "-" ? trace : absolutePath(call.host.cwd(), trace) }),
    });
  },
});
