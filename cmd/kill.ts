// SPDX-License-Identifier: Apache-2.0

import { kill } from "../lib/container/kill.ts";
import { signalNumber } from "../lib/tables/signals.ts";
import { command, regex, usageError } from "./flags.ts";

export default command({
  name: "kill",
  about: "send a signal to the process of a container",
  arguments: [
    { name: "id", about: "the container's name; with --regex a pattern of names" },
    { name: "signal", optional: true, about: "a number or a name, with or without SIG; TERM when missing" },
  ],
  flags: {
    all: { kind: "boolean", alias: "a", about: "send it to every process of the container" },
    regex,
  },
  async run(call) {
    const [id = "", text = "TERM"] = call.words;
    const signal = signalNumber(text);
    if (signal === undefined) throw usageError(`no such signal: ${text}`);
    const act = (one: string) => kill(call.runtime, one, signal, call.has("all"));
    if (!call.has("regex")) act(id);
    else (await import("../lib/container/matching.ts")).eachMatching(call.runtime, id, act);
    return 0;
  },
});
