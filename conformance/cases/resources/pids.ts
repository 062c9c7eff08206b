// SPDX-License-Identifier: Apache-2.0

import { act, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { changes, limit, sets } from "../../instruments/cgroup-files.ts";
import { cgroup, controller } from "../../needs.ts";
import { forks } from "../../questions.ts";

export default {
  limit: sets(["resources.pids-limit"], ["pids"], { pids: { limit: 1234 } }, { "pids.max": "1234" }),
  "limit-stops-fork": act({
    clauses: ["resources.pids-limit"],
    needs: [cgroup, controller("pids")],
    change: { "/linux/resources": { pids: { limit: 32 } } },
    run: async (stage) => {
      const { children } = await stage.observe({ children: forks(64) });
      equal("children of a process that may have 31", children, { made: 31, errno: "EAGAIN" });
    },
  }),
  unlimited: changes(
    ["resources.pids-unlimited"],
    ["pids"],
    { pids: { limit: -1 } },
    { "pids.max": { from: "100", to: "max" } },
  ),
  zero: act({
    clauses: ["resources.pids-zero"],
    needs: [cgroup, controller("pids")],
    change: { "/linux/resources": { pids: { limit: 0 } } },
    run: async (stage) => {
      const { children } = await stage.begin({ children: forks(1) });
      equal("pids.max", limit(stage.container, "pids.max"), "0");
      equal("children of a process that may have none", children, { made: 0, errno: "EAGAIN" });
    },
  }),
} satisfies Cases;
