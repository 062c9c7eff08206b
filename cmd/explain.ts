// SPDX-License-Identifier: Apache-2.0

import { command } from "./flags.ts";

export default command({
  name: "explain",
  about: "show a container as it was asked for beside what the kernel has",
  description: [
    "Ids, capabilities, seccomp, labels, rlimits, namespaces, mounts with their flags, and limits of the cgroup. What is as config.json had it takes a line; ! marks what is not, ? what cannot be told or is not done before start. A program may change much of it itself, and update the limits.",
  ],
  arguments: [{ name: "id", about: "the container's name" }],
  flags: { json: { kind: "boolean", about: "print JSON" } },
  async run(call) {
    const { explain } = await import("../lib/container/explain.ts");
    const explanation = explain(call.runtime, call.words[0] ?? "");
    if (call.has("json")) {
      const differences = explanation.rows.filter(({ verdict }) => verdict === "differs").length;
      const { id, status, pid, rows } = explanation;
      call.host.write(1, `${JSON.stringify({ id, status, pid, differences, rows }, null, 2)}\n`);
      return 0;
    }
    const { explanationText } = await import("../lib/container/explained/text.ts");
    const { wantsColour } = await import("./stats-table.ts");
    call.host.write(1, explanationText(explanation, wantsColour(call.host)));
    return 0;
  },
});
