// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { givesErrno, marked, onlyUsual, rule, rules, splice } from "../../instruments/syscall-filter.ts";
import { call } from "../../questions.ts";

/** SCMP_ACT_NOTIFY would need a listener, and is with the cases of that. */
const without = ["ALLOW", "LOG", "TRAP", "KILL", "KILL_THREAD", "KILL_PROCESS"];

const word = (action: string) => action.toLowerCase().replace("_", "-");

const refused: Readonly<Record<string, Case>> = Object.fromEntries(
  without.flatMap((action) => [
    [
      `refused-with-${word(action)}`,
      refuse({ clauses: ["seccomp.errno-refused"], change: rules(rule({ action: `SCMP_ACT_${action}` })) }),
    ],
    [
      `default-refused-with-${word(action)}`,
      refuse({
        clauses: ["seccomp.default-errno-refused"],
        change: {
          ...rules(rule()),
          "/linux/seccomp/defaultAction": `SCMP_ACT_${action}`,
          "/linux/seccomp/defaultErrnoRet": marked.number,
        },
      }),
    ],
  ]),
);

/** The default action's errno is another one, and is for the default action only. */
const besides = (errnoRet: number | undefined, errno: string) =>
  observe({
    clauses: [errnoRet === undefined ? "seccomp.errno-default" : "seccomp.errno", "seccomp.default-errno"],
    change: {
      ...onlyUsual({ defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 125 }),
      "/linux/seccomp/syscalls/-": rule({ errnoRet }),
    },
    ask: { seen: splice(), other: call("tee") },
    expect: ({ seen, other }) => {
      givesErrno("a call with a rule", seen, errno);
      givesErrno("a call without one", other, "ECANCELED");
    },
  });

export default {
  given: observe({
    clauses: ["seccomp.errno"],
    change: rules(rule()),
    ask: { seen: splice() },
    expect: ({ seen }) => givesErrno("the call", seen, marked.name),
  }),
  // Not made, and not failed either.
  zero: observe({
    clauses: ["seccomp.errno"],
    change: rules(rule({ errnoRet: 0 })),
    ask: { seen: splice(99) },
    expect: ({ seen }) => equal("the call, which fails when it is made", seen, { result: "0", signal: null }),
  }),
  default: observe({
    clauses: ["seccomp.errno-default"],
    change: rules(rule({ errnoRet: undefined })),
    ask: { seen: splice() },
    expect: ({ seen }) => givesErrno("the call", seen, "EPERM"),
  }),
  "given-besides-default": besides(marked.number, marked.name),
  "default-besides-default": besides(undefined, "EPERM"),
  ...refused,
} satisfies Cases;
