// SPDX-License-Identifier: Apache-2.0

import { existsSync, readFileSync } from "node:fs";
import { act, type Cases } from "../../case.ts";
import { equal, holds } from "../../expect.ts";
import { bringTo, rawState } from "../../instruments/life.ts";
import { pause } from "../../questions.ts";

/** The IDs of a process in the PID namespaces from ours down to its own. */
function idsOf(pid: unknown): readonly number[] {
  holds("pid", pid, "the ID of a process", typeof pid === "number" && Number.isInteger(pid) && pid > 0);
  const path = `/proc/${pid}/status`;
  holds("pid", pid, "the ID of a process", existsSync(path));
  const status = readFileSync(path, "utf8");
  return (status.match(/^NSpid:\s+(.*)$/m)?.[1] ?? "").split(/\s+/).map(Number);
}

export default {
  created: act({
    clauses: ["state.pid"],
    run: async (stage) => {
      await bringTo("created", stage);
      const { pid } = await rawState(stage.container);
      equal("IDs of the process that pid names, from outside and inside", idsOf(pid), [pid, 1]);
    },
  }),

  running: act({
    clauses: ["state.pid"],
    run: async (stage) => {
      const { container } = stage;
      stage.ask({ pause });
      await container.create();
      const created = await rawState(container);
      await container.start();
      await stage.answers({ pause });
      const { pid } = await rawState(container);
      equal("IDs of the process that pid names, from outside and inside", idsOf(pid), [pid, 1]);
      equal("its command line", readFileSync(`/proc/${pid}/cmdline`, "utf8"), "/probe\0pause\0");
      equal("pid while running, beside that of the created container", pid, created.pid);
    },
  }),

  /** Then the container has the same IDs as we. */
  "without-namespace": act({
    clauses: ["state.pid"],
    change: { "/linux/namespaces/0": undefined },
    run: async (stage) => {
      const { container } = stage;
      stage.ask({ pause });
      await container.create();
      await container.start();
      await stage.answers({ pause });
      const { pid } = await rawState(container);
      equal("IDs of the process that pid names", idsOf(pid), [pid]);
      equal("its command line", readFileSync(`/proc/${pid}/cmdline`, "utf8"), "/probe\0pause\0");
    },
  }),
} satisfies Cases;
