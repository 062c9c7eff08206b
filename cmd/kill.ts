// SPDX-License-Identifier: Apache-2.0

import { kill } from "../lib/container/kill.ts";
import { signalNumber } from "../lib/tables/signals.ts";
import { command, usageError } from "./flags.ts";

export default command({
  name: "kill",
  about: "send a signal to the process of a container",
  arguments: [
    { name: "id", about: "the container's name" },
    { name: "signal", optional: true, about: "a number or a name, with or without SIG; TERM when missing" },
  ],
  flags: {
    all: { kind: "boolean", alias: "a", about: "send it to every process of the container" },
  },
  run(call) {
    const [id = "", text = "TERM"] = call.words;
    const signal = signalNumber(text);
    if (signal === undefined) throw usageError(`no such signal: ${text}`);
    kill(call.runtime, id, signal, call.has("all"));
    return 0;
  },
});
