// SPDX-License-Identifier: Apache-2.0

import { constants } from "node:os";
import { act, type Cases, observe, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import {
  type CallResult,
  givesErrno,
  givesSignal,
  isMade,
  marked,
  onlyUsual,
  rule,
  rules,
  splice,
} from "../../instruments/syscall-filter.ts";
import { call } from "../../questions.ts";
import { exitWords } from "../../stage/reaps.ts";

/** What a call gets that is not usual. */
const taken = (
  clauses: readonly [ClauseId, ...ClauseId[]],
  properties: Readonly<Record<string, unknown>>,
  judge: (what: string, seen: CallResult) => void,
) =>
  observe({
    clauses,
    change: onlyUsual(properties),
    ask: { usual: call("getppid"), other: splice() },
    expect: ({ usual, other }) => {
      isMade("a call that a rule allows", usual);
      judge("a call that no rule matches", other);
    },
  });

const errno = (name: string) => (what: string, seen: CallResult) => givesErrno(what, seen, name);

export default {
  errno: taken(
    ["seccomp.default-errno-default", "seccomp.default-action"],
    { defaultAction: "SCMP_ACT_ERRNO" },
    errno("EPERM"),
  ),
  "errno-given": taken(
    ["seccomp.default-errno", "seccomp.default-action"],
    { defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: marked.number },
    errno(marked.name),
  ),
  // Not made, and not failed either: the call's result is 0.
  "errno-zero": taken(
    ["seccomp.default-errno"],
    { defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 0 },
    (what, seen) => equal(what, seen, { result: "0", signal: null }),
  ),
  "kill-process": taken(["seccomp.default-action"], { defaultAction: "SCMP_ACT_KILL_PROCESS" }, givesSignal),
  trap: taken(["seccomp.default-action"], { defaultAction: "SCMP_ACT_TRAP" }, givesSignal),
  trace: taken(
    ["seccomp.default-action"],
    { defaultAction: "SCMP_ACT_TRACE", defaultErrnoRet: marked.number },
    errno("ENOSYS"),
  ),
  missing: refuse({
    clauses: ["seccomp.default-action-required"],
    change: { ...rules(rule()), "/linux/seccomp/defaultAction": undefined },
  }),
  unknown: refuse({
    clauses: ["seccomp.action-valid"],
    change: { ...rules(rule()), "/linux/seccomp/defaultAction": "SCMP_ACT_NONESUCH" },
  }),
  kill: act({
    clauses: ["seccomp.default-action-kill"],
    change: { "/linux/seccomp": { defaultAction: "SCMP_ACT_KILL" } },
    run: async (stage) => {
      const { container } = stage;
      stage.ask({ seen: splice() });
      await container.create();
      // The process dies before or after start has seen it off.
      await container.try("start");
      const end = await container.ended();
      equal(
        "the end of the process",
        exitWords(end),
        exitWords({ code: null, signal: constants.signals.SIGSYS }),
      );
      equal("what the program wrote", container.lines, []);
    },
  }),
} satisfies Cases;
