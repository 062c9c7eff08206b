// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Word } from "../../lib/host.ts";
import { encode } from "../../lib/plan/encode.ts";
import type { Plan } from "../../lib/plan/step.ts";
import { errno, fails, host } from "./host.ts";

const execute = (words: readonly Word[]) => host.execute(words);

/** Version, three processes, and for each neither step nor word. */
const nothing: readonly Word[] = [1, 3, 0, 0, 0, 0, 0, 0];

/** A step that only opens a file, to see what becomes of a string. */
const openNamespace = (path: string): Plan => ({
  runtime: [{ op: "openNamespace", from: "/linux/namespaces/0", slot: 0, path, type: 0 }],
  stage: [],
  init: [],
});

test("a plan of nothing is executed", () => {
  const { process, step, syscall, errno: number, pid, exitStatus, events, warnings } = execute(nothing);
  assert.equal({ process, step, syscall, number }, { process: -1, step: 0, syscall: "", number: 0 });
  assert.equal(
    { pid, exitStatus, events, warnings },
    { pid: 0, exitStatus: -1, events: undefined, warnings: [] },
  );
});

test("numbers and bigints are the same word", () => {
  assert.is(execute(nothing.map((word) => BigInt(Number(word)))).process, -1);
});

test("of a bigint the low 64 bits count", () => {
  assert.is(execute([2n ** 64n + 1n, ...nothing.slice(1)]).process, -1);
});

test("a word of another kind makes a plan that is not executed", () => {
  for (const word of ["1", new Uint8Array([1]), 2, -1]) {
    const { process, syscall } = execute([word, ...nothing.slice(1)]);
    assert.equal({ process, syscall }, { process: 0, syscall: "plan" });
  }
});

test("strings arrive as UTF-8, with every plane", () => {
  const path = "/does/not/exist/é日😀";
  const outcome = execute(encode(openNamespace(path)));
  assert.is(outcome.errno, errno.ENOENT);
  assert.ok(outcome.detail.includes(path), outcome.detail);
});

test("a failing step is named by its place", () => {
  const { process, step, syscall } = execute(encode(openNamespace("/does/not/exist")));
  assert.equal({ process, step, syscall }, { process: 0, step: 0, syscall: "open" });
});

test("numbers that are no safe integers are refused", () => {
  for (const word of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
    assert.throws(() => execute([word, ...nothing.slice(1)]), /not a safe integer/);
});

test("strings that no C string can hold are refused", () => {
  for (const word of ["a\0b", "\ud800", "\udc00x"])
    fails(() => execute([word, ...nothing.slice(1)]), "encode", errno.EILSEQ);
});

test("an empty list of words is no plan", () => {
  assert.is(execute([]).syscall, "plan");
});

test.run();
