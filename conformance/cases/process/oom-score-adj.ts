// SPDX-License-Identifier: Apache-2.0

import { readFileSync, writeFileSync } from "node:fs";
import { act, type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { hostCapability, root } from "../../needs.ts";
import { scheduling } from "../../questions.ts";

const ownFile = "/proc/self/oom_score_adj";

const set = (value: number, ...needs: readonly (typeof root)[]): Case =>
  observe({
    clauses: ["process.oom-score-adj"],
    needs,
    change: { "/process/oomScoreAdj": value },
    ask: { scheduling },
    expect: (seen) => equal("oom_score_adj", seen.scheduling.oomScoreAdj, value),
  });

/** With a runtime whose own is 123: everybody may raise it, and take back what they have raised. */
const below = (value: number | undefined, clause: "process.oom-score-adj" | "process.oom-score-adj-unset") =>
  act({
    clauses: [clause],
    change: { "/process/oomScoreAdj": value },
    run: async (stage) => {
      const before = readFileSync(ownFile, "utf8");
      const raised = Math.max(123, Number(before));
      try {
        writeFileSync(ownFile, String(raised));
        const seen = await stage.observe({ scheduling });
        equal("oom_score_adj", seen.scheduling.oomScoreAdj, value ?? raised);
      } finally {
        writeFileSync(ownFile, before);
      }
    },
  });

const refused = (value: unknown) =>
  refuse({
    clauses: ["process.oom-score-adj-invalid"],
    at: "either",
    change: { "/process/oomScoreAdj": value },
  });

export default {
  raised: set(500),
  highest: set(1000),
  negative: set(-500, root, hostCapability("CAP_SYS_RESOURCE", 24)),
  "zero-of-raised": below(0, "process.oom-score-adj"),
  unset: below(undefined, "process.oom-score-adj-unset"),
  "too-high": refused(1001),
  "too-low": refused(-1001),
} satisfies Cases;
