// SPDX-License-Identifier: Apache-2.0

import { remove } from "../lib/container/delete.ts";
import { command } from "./flags.ts";

export default command({
  name: "delete",
  about: "remove a stopped container and all that create made for it",
  arguments: [{ name: "id", about: "the container's name" }],
  flags: {
    force: {
      kind: "boolean",
      alias: "f",
      about: "kill the container first when it runs; no error when there is none",
    },
  },
  run(call) {
    remove(call.runtime, call.words[0] ?? "", call.has("force"));
    return 0;
  },
});
