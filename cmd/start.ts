// SPDX-License-Identifier: Apache-2.0

import { start } from "../lib/container/start.ts";
import { command } from "./flags.ts";

export default command({
  name: "start",
  about: "run the program of a created container",
  reports: true,
  arguments: [{ name: "id", about: "the container's name" }],
  flags: {},
  run({ runtime, words }) {
    start(runtime, words[0] ?? "");
    return 0;
  },
});
