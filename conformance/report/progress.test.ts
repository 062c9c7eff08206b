// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CaseResult } from "../suite/result.ts";
import { plain } from "./paint.ts";
import { progressOn } from "./progress.ts";
import { sample } from "./sample.ts";

test("a terminal has one line that is written over, and the failures above it", () => {
  const progress = progressOn({ isTTY: true, columns: 44 }, plain);
  const seen = sample.results.map((result, index) => progress(result, index + 1, 4));
  assert.equal(seen, [
    "\r\x1b[K1/4  1 passed, 0 failed  mounts/order/two",
    "\r\x1b[KFAILED mounts/data/size  size of /tmp: exp…\n2/4  1 passed, 1 failed  mounts/data/size",
    "\r\x1b[K3/4  1 passed, 1 failed, 1 expected  hooks…",
    "\r\x1b[K4/4  1 passed, 1 failed, 1 expected, 1 skipped\n",
  ]);
});

test("no line is wider than the terminal", () => {
  const progress = progressOn({ isTTY: true, columns: 20 }, plain);
  const seen = sample.results.map((result, index) => progress(result, index + 1, 9));
  assert.equal(seen.slice(0, 2), [
    "\r\x1b[K1/9  1 passed, 0 f…",
    "\r\x1b[KFAILED mounts/data…\n2/9  1 passed, 1 f…",
  ]);
});

test("a log has a line a failure, whole, and one each tenth of the way", () => {
  const progress = progressOn({}, plain);
  const passed: CaseResult = { name: "a/b/c", clauses: ["a.b"], outcome: "pass", milliseconds: 1 };
  const failed: CaseResult = { ...passed, outcome: "fail", leaks: ["mount /x", "state y"] };
  const all = Array.from({ length: 20 }, (_, index) => (index === 2 ? failed : passed));
  const seen = all.map((result, index) => progress(result, index + 1, 20));
  assert.equal(seen.slice(0, 4), [
    "",
    "2/20  2 passed, 0 failed\n",
    "FAILED a/b/c  left behind: mount /x, state y\n",
    "4/20  3 passed, 1 failed\n",
  ]);
  assert.is(seen.filter((text) => text !== "").length, 11);
  assert.is(seen.at(-1), "20/20  19 passed, 1 failed\n");
});

test("a log of few cases has a line for each", () => {
  const progress = progressOn({ isTTY: false }, plain);
  const seen = sample.results.slice(2).map((result, index) => progress(result, index + 1, 2));
  assert.equal(seen, [
    "1/2  0 passed, 0 failed, 1 expected\n",
    "2/2  0 passed, 0 failed, 1 expected, 1 skipped\n",
  ]);
});

test.run();
