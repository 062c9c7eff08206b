// SPDX-License-Identifier: Apache-2.0

import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { act, type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal, Skip } from "../../expect.ts";
import { busybox, busyboxPath } from "../../needs.ts";
import { commandLine, identity, lstat, say } from "../../questions.ts";
import { collectAnswers } from "../../stage/answers.ts";
import type { Place } from "../../stage/place.ts";
import { ending } from "../../stage/runtime.ts";

function putProbe({ rootfs, probe }: Place, folder: string, mode = 0o755): void {
  mkdirSync(`${rootfs}${folder}`, { recursive: true });
  copyFileSync(probe, `${rootfs}${folder}/probe`);
  chmodSync(`${rootfs}${folder}/probe`, mode);
}

/** The file that is running. */
const ask = { commandLine, program: lstat("/proc/self/exe"), identity } as const;

/** `probe` is found in the folder, and still called `probe`. */
const found = (path: string, expected: string, prepare: (place: Place) => void, cwd = "/"): Case =>
  observe({
    clauses: ["process.args-search", "process.args"],
    prepare,
    change: { "/process/args": ["probe"], "/process/env": [`PATH=${path}`], "/process/cwd": cwd },
    ask,
    expect: (seen) => {
      equal("the program", seen.program?.target, expected);
      equal("its first argument", seen.commandLine[0], "probe");
    },
  });

const missing = (program: string, prepare: (place: Place) => void = () => {}) =>
  refuse({
    clauses: ["process.args-missing"],
    at: "either",
    prepare,
    change: { "/process/args": [program] },
  });

const words = ["/probe", "commandLine", "", " two  words ", "one\nline\n", "'\"`$HOME\\*", "příliš 猫", "--"];

export default {
  unchanged: act({
    clauses: ["process.args"],
    change: { "/process/args": words },
    run: async ({ container }) => {
      await container.create();
      await container.start();
      await container.ended();
      const seen = collectAnswers({ commandLine }, container.lines, container.end);
      equal("the arguments", seen.commandLine, words);
    },
  }),
  "null-byte": refuse({
    clauses: ["process.args"],
    at: "either",
    change: { "/process/args": ["/probe", "say a\0b"] },
  }),
  none: refuse({ clauses: ["process.args-required"], at: "either", change: { "/process/args": [] } }),
  absent: refuse({
    clauses: ["process.args-required"],
    at: "either",
    change: { "/process/args": undefined },
  }),
  "relative-path": observe({
    clauses: ["process.args-path"],
    prepare: (place) => putProbe(place, "/tmp/programs"),
    change: { "/process/args": ["programs/probe"], "/process/cwd": "/tmp" },
    ask,
    expect: (seen) => {
      equal("the program", seen.program?.target, "/tmp/programs/probe");
      equal("its first argument", seen.commandLine[0], "programs/probe");
    },
  }),
  "search-order": found("/not-there:/first:/second", "/first/probe", (place) => {
    putProbe(place, "/first");
    putProbe(place, "/second");
  }),
  "search-skips": found("/first:/second", "/second/probe", (place) => {
    putProbe(place, "/first", 0o644);
    putProbe(place, "/second");
  }),
  "search-here": found(".", "/tmp/probe", (place) => putProbe(place, "/tmp"), "/tmp"),
  "missing-path": missing("/not-there/program"),
  "missing-in-path": missing("not-there"),
  folder: missing("/etc"),
  "not-executable": missing("/file", ({ rootfs }) => writeFileSync(`${rootfs}/file`, "", { mode: 0o644 })),
  shell: act({
    clauses: ["process.args-shell"],
    needs: [busybox],
    prepare: ({ rootfs }) => {
      mkdirSync(`${rootfs}/bin`);
      copyFileSync(busyboxPath, `${rootfs}/bin/sh`);
      writeFileSync(`${rootfs}/script`, '/probe "say shell" "$@"\n', { mode: 0o755 });
    },
    change: { "/process/args": ["/script", "identity"] },
    run: async ({ container }) => {
      const created = await container.tryCreate();
      if (created.code !== 0) throw new Skip(`no shell for such files: ${ending(created)}`);
      const started = await container.try("start");
      const { code } = started.code === 0 ? await container.ended() : started;
      if (code !== 0)
        throw new Skip(`no shell for such files: ${ending(started)} ${container.errors.trim()}`);
      collectAnswers({ said: say("shell"), identity }, container.lines, container.end);
    },
  }),
} satisfies Cases;
