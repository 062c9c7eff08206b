// SPDX-License-Identifier: Apache-2.0

import { state } from "../lib/container/state.ts";
import { command } from "./flags.ts";

export default command({
  name: "state",
  about: "show the state of a container as JSON",
  arguments: [{ name: "id", about: "the container's name" }],
  flags: {},
  run({ host, runtime, words }) {
    host.write(1, `${JSON.stringify(state(runtime, words[0] ?? ""), null, 2)}\n`);
    return 0;
  },
});
