// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode, memoryHost } from "../config/fixtures/host.ts";
import { cgroupProcesses } from "./cgroup-folder.ts";
import { rowsOf } from "./processes.ts";

const rows = (text: string, ...pids: readonly number[]) => rowsOf(text, new Set(pids));

const full = `UID        PID  PPID  C STIME TTY          TIME CMD
root         1     0  0 16:41 ?        00:00:00 init 42
root        42     1  0 16:59 ?        00:00:00 sh -c sleep 1
root       421     1  0 16:59 ?        00:00:00 sleep 1
`;

test("the heading and the lines of these pids stay", () => {
  const lines = full.split("\n");
  assert.equal(rows(full, 42), [lines[0], lines[2]]);
  assert.equal(rows(full), [lines[0]]);
});

test("the column is found wherever it stands", () => {
  assert.equal(rows("CMD     PID\na b      7\nc       42\n", 7), ["CMD     PID", "a b      7"]);
  assert.equal(rows("  PID CMD\n    7 a 42\n   42 b\n", 42), ["  PID CMD", "   42 b"]);
});

test("columns with blanks before it do not mislead, nor does a long one that moves the line", () => {
  const started = "                 STARTED   PID\nFri Nov 27 16:59:45 2026    42\n";
  assert.is(rows(started, 42).length, 2);
  assert.is(rows(started, 2026).length, 1);
  assert.is(rows("USER       PID\na-very-long-name 42\n", 42).length, 2);
});

test("what ps says before its heading is left out, and output without PID is refused", () => {
  assert.equal(rows("warning: no\n  PID\n   42\n", 42), ["  PID", "   42"]);
  assert.throws(
    () => rows("  PPID CMD\n   42 x\n", 42),
    (error: unknown) => Object(error).code === "system",
  );
});

test("processes are those of the cgroup and all below it, each once, and none of other namespaces", () => {
  const files = {
    "/cg/a/cgroup.procs": encode("30\n4\n"),
    "/cg/a/below/cgroup.procs": encode("5\n0\n"),
    "/cg/a/below/deep/cgroup.procs": encode("5\n600\n"),
    "/cg/b/cgroup.procs": encode("7\n"),
  };
  const memory = memoryHost(files);
  const list = (folder: string) => [
    ...new Set(
      Object.keys(files).flatMap((file) =>
        file.startsWith(`${folder}/`) ? (file.slice(folder.length + 1).split("/")[0] ?? []) : [],
      ),
    ),
  ];
  assert.equal(cgroupProcesses({ ...memory, list }, "/cg/a"), [4, 5, 30, 600]);
  assert.equal(cgroupProcesses({ ...memory, list }, "/cg/gone"), []);
});

test.run();
