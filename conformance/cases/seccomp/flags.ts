// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases, observe, refuse } from "../../case.ts";
import { observeOrSkip } from "../../instruments/optional.ts";
import { givesErrno, marked, rule, rules, splice } from "../../instruments/syscall-filter.ts";

const withFlags = (...flags: readonly string[]) => ({ ...rules(rule()), "/linux/seccomp/flags": flags });

const flagged = (...flags: readonly string[]): Case =>
  act({
    clauses: ["seccomp.flags"],
    change: withFlags(...flags),
    run: async (stage) => {
      const { seen } = await observeOrSkip(stage, flags.join(" and "), { seen: splice() });
      givesErrno(`a call, with ${flags.join(" and ")}`, seen, marked.name);
    },
  });

export default {
  none: observe({
    clauses: ["seccomp.flags", "seccomp.filter"],
    change: withFlags(),
    ask: { seen: splice() },
    expect: ({ seen }) => givesErrno("a call", seen, marked.name),
  }),
  tsync: flagged("SECCOMP_FILTER_FLAG_TSYNC"),
  log: flagged("SECCOMP_FILTER_FLAG_LOG"),
  "spec-allow": flagged("SECCOMP_FILTER_FLAG_SPEC_ALLOW"),
  several: flagged("SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"),
  unknown: refuse({ clauses: ["seccomp.flags-valid"], change: withFlags("SECCOMP_FILTER_FLAG_NONESUCH") }),
} satisfies Cases;
