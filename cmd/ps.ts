// SPDX-License-Identifier: Apache-2.0

import { command } from "./flags.ts";

export default command({
  name: "ps",
  about: "show the processes of a container",
  description: [
    "What follows the container's name belongs to ps(1) of the host, whose lines about other processes are left out.",
  ],
  arguments: [
    { name: "id", about: "the container's name" },
    { name: "args", optional: true, many: true, about: "for ps(1); -ef when there are none" },
  ],
  flags: {
    format: {
      kind: "string",
      alias: "f",
      value: "FORMAT",
      choices: ["table", "json"],
      about: "form of the list; json is the pids alone",
      otherwise: "table",
    },
  },
  wordsLast: true,
  async run(call) {
    const { host, runtime, words } = call;
    const [id = "", ...args] = words;
    const format = call.text("format");
    const { processes, processTable } = await import("../lib/container/processes.ts");
    if (format === "json") host.write(1, `${JSON.stringify(processes(runtime, id))}\n`);
    else host.write(1, processTable(runtime, id, args));
    return 0;
  },
});
