// SPDX-License-Identifier: Apache-2.0

import { remove } from "../lib/container/delete.ts";
import { command, regex } from "./flags.ts";

export default command({
  name: "delete",
  about: "remove a stopped container and all that create made for it",
  arguments: [{ name: "id", about: "the container's name; with --regex a pattern of names" }],
  flags: {
    force: {
      kind: "boolean",
      alias: "f",
      about: "kill the container first when it runs; no error when there is none",
    },
    regex,
  },
  async run(call) {
    const [id = ""] = call.words;
    const act = (one: string) => remove(call.runtime, one, call.has("force"));
    if (!call.has("regex")) act(id);
    else (await import("../lib/container/matching.ts")).eachMatching(call.runtime, id, act);
    return 0;
  },
});
