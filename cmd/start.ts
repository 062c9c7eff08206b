// SPDX-License-Identifier: Apache-2.0

import { start } from "../lib/container/start.ts";
import { command } from "./flags.ts";
import { traced, traceFlags } from "./tracing.ts";

export default command({
  name: "start",
  about: "run the program of a created container",
  reports: true,
  arguments: [{ name: "id", about: "the container's name" }],
  flags: traceFlags,
  run(call) {
    return traced("start", call, (runtime) => {
      start(runtime, call.words[0] ?? "");
      return 0;
    });
  },
});
