// SPDX-License-Identifier: Apache-2.0

import { copyFileSync } from "node:fs";
import { constants } from "node:os";
import { act, type Cases, observe, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, outcomeIs } from "../../expect.ts";
import {
  type CallResult,
  givesErrno,
  givesSignal,
  isMade,
  marked,
  rule,
  rules,
  splice,
  subject,
} from "../../instruments/syscall-filter.ts";
import { busybox, busyboxPath } from "../../needs.ts";
import { call, callInThread, lstat, makeDirectory } from "../../questions.ts";

const action = (clause: ClauseId, name: string, judge: (what: string, seen: CallResult) => void) =>
  observe({
    clauses: [clause, "seccomp.syscalls"],
    change: rules(rule({ action: name, errnoRet: undefined })),
    ask: { seen: splice() },
    expect: ({ seen }) => judge(`a call with ${name}`, seen),
  });

/** Of a process with two threads one makes the call. */
const inThread = (
  clause: ClauseId,
  name: string,
  end: { readonly exit: number | null; readonly signal: number | null },
) =>
  observe({
    clauses: [clause],
    change: rules(rule({ action: name, errnoRet: undefined })),
    ask: { seen: callInThread(subject) },
    expect: ({ seen }) => equal(`the end of a process, one thread of which got ${name}`, seen, end),
  });
const survives = { exit: 0, signal: null };
const dies = { exit: null, signal: constants.signals.SIGSYS };

const made = { names: ["mkdir", "mkdirat"] };

export default {
  kill: action("seccomp.action-kill", "SCMP_ACT_KILL", givesSignal),
  "kill-process": action("seccomp.action-kill-process", "SCMP_ACT_KILL_PROCESS", givesSignal),
  "kill-thread": action("seccomp.action-kill-thread", "SCMP_ACT_KILL_THREAD", givesSignal),
  "kill-in-thread": inThread("seccomp.action-kill", "SCMP_ACT_KILL", survives),
  "kill-thread-in-thread": inThread("seccomp.action-kill-thread", "SCMP_ACT_KILL_THREAD", survives),
  "kill-process-in-thread": inThread("seccomp.action-kill-process", "SCMP_ACT_KILL_PROCESS", dies),
  trap: action("seccomp.action-trap", "SCMP_ACT_TRAP", givesSignal),
  "trap-handled": act({
    clauses: ["seccomp.action-trap"],
    needs: [busybox],
    prepare: ({ rootfs }) => copyFileSync(busyboxPath, `${rootfs}/busybox`),
    change: {
      ...rules({ names: ["umask"], action: "SCMP_ACT_TRAP" }),
      "/process/args": ["/busybox", "sh", "-c", "trap 'echo trapped' SYS; umask >/dev/null; echo after"],
    },
    run: async ({ container }) => {
      await container.create();
      await container.start();
      await container.expectExit(0);
      equal("what a shell with a trap for SIGSYS wrote", container.output, "trapped\nafter\n");
    },
  }),
  errno: observe({
    clauses: ["seccomp.action-errno"],
    change: rules(rule(made)),
    ask: { outcome: makeDirectory("/made"), seen: lstat("/made") },
    expect: ({ outcome, seen }) => {
      outcomeIs("mkdir", outcome, marked.name);
      equal("the folder afterwards", seen, null);
    },
  }),
  trace: action("seccomp.action-trace", "SCMP_ACT_TRACE", (what, seen) => givesErrno(what, seen, "ENOSYS")),
  // The number is for the tracer.
  "trace-with-errno": observe({
    clauses: ["seccomp.action-trace"],
    change: rules(rule({ action: "SCMP_ACT_TRACE" })),
    ask: { seen: splice() },
    expect: ({ seen }) => givesErrno("a call with SCMP_ACT_TRACE", seen, "ENOSYS"),
  }),
  allow: action("seccomp.action-allow", "SCMP_ACT_ALLOW", isMade),
  log: observe({
    clauses: ["seccomp.action-log"],
    change: rules({ ...made, action: "SCMP_ACT_LOG" }),
    ask: { outcome: makeDirectory("/made"), seen: lstat("/made") },
    expect: ({ outcome, seen }) => {
      outcomeIs("mkdir", outcome, "ok");
      equal("the folder afterwards", seen?.type, "directory");
    },
  }),
  unknown: refuse({
    clauses: ["seccomp.action-valid"],
    // Without the errno, which would be refused with any action but two.
    change: rules(rule({ action: "SCMP_ACT_NONESUCH", errnoRet: undefined })),
  }),
  "several-names": observe({
    clauses: ["seccomp.syscalls"],
    change: rules(rule({ names: ["tee", "splice", "vmsplice"] }), {
      names: ["syncfs"],
      action: "SCMP_ACT_ERRNO",
      errnoRet: 125,
    }),
    ask: {
      tee: call("tee", 99),
      splice: splice(99),
      vmsplice: call("vmsplice", 99),
      syncfs: call("syncfs", 99),
    },
    expect: (seen) => {
      for (const name of ["tee", "splice", "vmsplice"] as const) givesErrno(name, seen[name], marked.name);
      givesErrno("syncfs, which has an entry of its own", seen.syncfs, "ECANCELED");
    },
  }),
} satisfies Cases;
