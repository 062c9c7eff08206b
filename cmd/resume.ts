// SPDX-License-Identifier: Apache-2.0

import { resume } from "../lib/container/freeze.ts";
import { command } from "./flags.ts";

export default command({
  name: "resume",
  about: "let a paused container go on",
  arguments: [{ name: "id", about: "the container's name" }],
  flags: {},
  run({ runtime, words }) {
    resume(runtime, words[0] ?? "");
    return 0;
  },
});
