// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { names, personality, run } from "../../questions.ts";

/** PER_LINUX and PER_LINUX32 of personality(2). */
const domains = { LINUX: 0, LINUX32: 8 } as const;

/** What uname says of these in PER_LINUX32. */
const machines: Readonly<Record<string, string>> = {
  x86_64: "i686",
  aarch64: "armv8l",
  s390x: "s390",
  ppc64le: "ppcle",
};

const runsIn = (domain: keyof typeof domains): Case =>
  observe({
    clauses: ["kernel.personality"],
    change: { "/linux/personality": { domain } },
    ask: { personality },
    expect: (seen) => equal("personality", seen.personality, domains[domain]),
  });

const refused = (clause: ClauseId, value: object) =>
  refuse({ clauses: [clause], change: { "/linux/personality": value } });

export default {
  linux: runsIn("LINUX"),
  linux32: runsIn("LINUX32"),
  "linux32-machine": observe({
    clauses: ["kernel.personality-linux32"],
    needs: [
      ({ architecture }) => (machines[architecture] ? undefined : "no 32-bit machine is known for this one"),
    ],
    change: { "/linux/personality": { domain: "LINUX32" } },
    ask: { names },
    expect: (seen, { host }) => equal("machine", seen.names.machine, machines[host.architecture]),
  }),
  "no-flags": observe({
    clauses: ["kernel.personality"],
    change: { "/linux/personality": { domain: "LINUX32", flags: [] } },
    ask: { child: run("/probe", "personality") },
    expect: ({ child }) =>
      equal("what a child says", child.output?.includes(`"answer":${domains.LINUX32}`), true),
  }),
  "no-domain": refused("kernel.personality-invalid", { flags: [] }),
  unknown: refused("kernel.personality-invalid", { domain: "CONFORMANCE" }),
  flag: refused("kernel.personality-flags", { domain: "LINUX", flags: ["ADDR_NO_RANDOMIZE"] }),
} satisfies Cases;
