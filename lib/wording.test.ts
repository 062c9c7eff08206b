// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ErrorCode, type ErrorFacts, type Fault, RuntsError } from "./errors.ts";
import { faultLine, wording } from "./wording.ts";

const words = (code: ErrorCode, facts: ErrorFacts, cause?: unknown) =>
  wording(new RuntsError(code, facts, cause));

test("a failed step is told as strace tells it, with process, step and node of the config", () => {
  const facts = { step: "init: mountFilesystem", syscall: "mount", errno: 1, pointer: "/mounts/0" };
  const where = "(init: mountFilesystem, config.json /mounts/0)";
  assert.is(
    words("step", { ...facts, detail: '"proc", "/proc"' }),
    `mount("proc", "/proc"): EPERM: operation not permitted ${where}`,
  );
  assert.is(
    words("step", { ...facts, detail: "/proc" }),
    `mount("/proc"): EPERM: operation not permitted ${where}`,
  );
  assert.is(
    words("step", { ...facts, detail: "tmpfs: Unknown parameter 'x'" }),
    `mount: EPERM: operation not permitted: tmpfs: Unknown parameter 'x' ${where}`,
  );
});

test("a step of the runtime's own has no node, and one may fail without an errno", () => {
  assert.is(
    words("step", { step: "runtime: cloneInit", syscall: "clone3", errno: 28, detail: "", pointer: "" }),
    "clone3: ENOSPC: no space left on device (runtime: cloneInit)",
  );
  assert.is(
    words("step", {
      step: "runtime: runHook",
      syscall: "execve",
      errno: 0,
      detail: "exit status 3",
      pointer: "/hooks/prestart/0",
    }),
    "error running prestart hook #0: execve: exit status 3 (runtime: runHook, config.json /hooks/prestart/0)",
  );
});

test("a system call outside a plan says what it was about", () => {
  const failure = { syscall: "open", errno: 2, path: "/b/config.json" };
  assert.is(wording(failure), 'open("/b/config.json"): ENOENT: no such file or directory');
  assert.is(words("system", { syscall: "open", errno: 2 }, failure), wording(failure));
  assert.is(
    words("system", { file: "/b", syscall: "open", errno: 2, detail: "no such bundle" }, failure),
    'open("/b"): ENOENT: no such file or directory: no such bundle',
  );
});

test("names of a document steer no terminal", () => {
  const facts = { step: "runtime: writeCgroup", syscall: "openat2", errno: 2, detail: "a.\u001b[2J" };
  assert.is(
    words("step", { ...facts, pointer: "/linux/resources/unified/a.\u001b[2J\nb" }),
    "openat2: ENOENT: no such file or directory: a.�[2J (runtime: writeCgroup, config.json /linux/resources/unified/a.�[2J�b)",
  );
  const fault: Fault = { code: "format", pointer: "/linux/resources/unified/\n", expected: "a name" };
  assert.is(faultLine(fault), "config.json: /linux/resources/unified/�: expected a name");
  // more than one line may be meant
  assert.is(
    words("step", { syscall: "execve", detail: "exit status 1: one\ntwo" }),
    "execve: exit status 1: one\ntwo",
  );
});

test("engines find the words that they look for", () => {
  assert.match(words("not-found", { id: "x" }), 'container "x" does not exist');
  assert.match(words("status", { id: "x", step: "kill", detail: "stopped" }), "container not running");
  assert.match(
    words("executable", { detail: "foo", errno: 2 }),
    'exec: "foo": executable file not found in $PATH',
  );
  assert.match(
    words("executable", { detail: "/x", errno: 2 }),
    'exec: "/x": stat /x: no such file or directory',
  );
  assert.match(words("executable", { detail: "/x", errno: 20 }), "not a directory");
  assert.match(words("executable", { detail: "/x", errno: 13 }), 'exec: "/x": permission denied');
  assert.match(words("executable", { detail: "/x", errno: 21 }), "permission denied");
  assert.match(words("executable", { detail: "/x", errno: 8 }), "exec format error");
});

const fault: Fault = {
  code: "format",
  pointer: "/process/cwd",
  found: '"x"',
  expected: "an absolute path",
  spec: "config.md#process",
  line: 12,
  column: 7,
};

test("a fault tells place, value, what is allowed, and where the spec says so", () => {
  assert.is(
    faultLine(fault),
    'config.json:12:7: /process/cwd: found "x", expected an absolute path (config.md#process)',
  );
  assert.is(
    faultLine({ code: "required", pointer: "/process", expected: '"cwd": an absolute path' }),
    'config.json: /process: missing "cwd": an absolute path',
  );
});

test("an invalid config says first how many faults there are, then one a line", () => {
  const lines = words("invalid", { file: "/b/config.json", faults: [fault, fault] }).split("\n");
  assert.is(lines[0], "invalid config.json: 2 faults in /b/config.json");
  assert.equal(lines.slice(1), [faultLine(fault), faultLine(fault)]);
  const [first] = words("invalid", { file: "standard input", faults: [fault] }).split("\n");
  assert.is(first, "invalid standard input: 1 fault");
});

test("faults without end fit into what conmon reads", () => {
  const faults = Array.from({ length: 1000 }, () => fault);
  const text = words("invalid", { file: "/b/config.json", faults });
  assert.ok(text.length < 8191);
  assert.match(text, /\nand 9\d\d more$/);
});

test("what nobody foresaw is told, too", () => {
  assert.is(wording(new TypeError("oops")), "internal error: TypeError: oops");
  assert.is(wording("oops"), "internal error: oops");
  assert.is(wording({ syscall: "open", errno: 4095, path: "/x" }), 'open("/x"): errno 4095: unknown error');
});

test.run();
