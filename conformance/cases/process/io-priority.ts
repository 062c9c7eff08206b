// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, type Need, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { hostCapability, root } from "../../needs.ts";
import { run, scheduling } from "../../questions.ts";
import { collectAnswers, parseLines } from "../../stage/answers.ts";

const set = (name: string, priority: number, needs: readonly Need[] = []): Case =>
  observe({
    clauses: ["process.io-priority"],
    needs,
    change: { "/process/ioPriority": { class: `IOPRIO_CLASS_${name}`, priority } },
    ask: { scheduling },
    expect: ({ scheduling: { ioClass, ioPriority } }) =>
      equal("I/O class and priority", [ioClass, ioPriority], [`IOPRIO_CLASS_${name}`, priority]),
  });

const refused = (ioPriority: object): Case =>
  refuse({
    clauses: ["process.io-priority-invalid"],
    at: "either",
    change: { "/process/ioPriority": ioPriority },
  });

export default {
  "best-effort": set("BE", 7),
  "best-effort-highest": set("BE", 0),
  idle: set("IDLE", 4),
  "real-time": set("RT", 3, [root, hostCapability("CAP_SYS_NICE", 23)]),
  children: observe({
    clauses: ["process.io-priority-group"],
    change: { "/process/ioPriority": { class: "IOPRIO_CLASS_BE", priority: 6 } },
    ask: { child: run("/probe", "scheduling") },
    expect: ({ child }) => {
      const lines = parseLines(child.output ?? "");
      const seen = collectAnswers({ scheduling }, lines, child.errno ?? "it said nothing").scheduling;
      equal("I/O class and priority of a child", [seen.ioClass, seen.ioPriority], ["IOPRIO_CLASS_BE", 6]);
    },
  }),
  "no-class": refused({ priority: 4 }),
  "unknown-class": refused({ class: "IOPRIO_CLASS_CONFORMANCE", priority: 4 }),
  "no-priority": refused({ class: "IOPRIO_CLASS_BE" }),
  "priority-too-high": refused({ class: "IOPRIO_CLASS_BE", priority: 8 }),
  "priority-too-low": refused({ class: "IOPRIO_CLASS_BE", priority: -1 }),
} satisfies Cases;
