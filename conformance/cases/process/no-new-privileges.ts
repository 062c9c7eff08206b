// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { type Case, type Cases, type Need, observe } from "../../case.ts";
import { equal } from "../../expect.ts";
import { probeIn } from "../../instruments/sources.ts";
import { root } from "../../needs.ts";
import { identity, run, security } from "../../questions.ts";
import { collectAnswers, parseLines } from "../../stage/answers.ts";

/** The flag is inherited, and nobody can take it away again. */
const privileged: Need = () =>
  /^NoNewPrivs:\s+0$/m.test(readFileSync("/proc/self/status", "utf8"))
    ? undefined
    : "no_new_privs is set on the suite itself";

const flag = (value: boolean | undefined): Case =>
  observe({
    clauses: [value === true ? "process.no-new-privileges" : "process.no-new-privileges-default"],
    needs: value === true ? [] : [privileged],
    change: { "/process/noNewPrivileges": value },
    ask: { security },
    expect: (seen) => equal("no_new_privs", seen.security.noNewPrivileges, value === true),
  });

/** User 1000 calls a program that belongs to root and is setuid. */
const setuid = (value: boolean): Case =>
  observe({
    clauses: [value ? "process.no-new-privileges" : "process.no-new-privileges-default"],
    needs: [root, privileged],
    prepare: (place) => probeIn(place, `${place.rootfs}/suid`, 0o4755),
    change: { "/process/noNewPrivileges": value, "/process/user": { uid: 1000, gid: 1000 } },
    ask: { called: run("/suid", "identity") },
    expect: ({ called }) => {
      const lines = parseLines(called.output ?? "");
      const { uid } = collectAnswers({ identity }, lines, called.errno ?? "it said nothing").identity;
      equal("effective user of a setuid program", uid[1], value ? 1000 : 0);
    },
  });

export default {
  true: flag(true),
  false: flag(false),
  absent: flag(undefined),
  "setuid-true": setuid(true),
  "setuid-false": setuid(false),
} satisfies Cases;
