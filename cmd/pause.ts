// SPDX-License-Identifier: Apache-2.0

import { pause } from "../lib/container/freeze.ts";
import { command } from "./flags.ts";

export default command({
  name: "pause",
  about: "stop all processes of a container where they are",
  arguments: [{ name: "id", about: "the container's name" }],
  flags: {},
  run({ runtime, words }) {
    pause(runtime, words[0] ?? "");
    return 0;
  },
});
