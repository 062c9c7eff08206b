// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CaseResult } from "../suite/result.ts";
import { byChapter, clauseOutcomes, outcomeOf, tally, worst } from "./outcome.ts";
import { clauses, sample } from "./sample.ts";

test("a failure that was foreseen is an expected one, and only a failure can be", () => {
  assert.equal(sample.results.map(outcomeOf), ["pass", "fail", "expected", "skip"]);
  const passed: CaseResult = { name: "a/b/c", clauses: ["a.b"], outcome: "pass", milliseconds: 1 };
  assert.is(outcomeOf({ ...passed, foreseen: { reason: "it was broken" } }), "pass");
});

test("failing outranks what was expected, that outranks passing, and a skip is the last", () => {
  assert.is(worst(["skip", "pass", "expected", "fail"]), "fail");
  assert.is(worst(["skip", "pass", "expected"]), "expected");
  assert.is(worst(["skip", "pass"]), "pass");
  assert.is(worst(["skip", "skip"]), "skip");
  assert.is(worst([]), undefined);
});

test("a clause is as the worst of all cases that name it", () => {
  assert.equal(
    [...clauseOutcomes(sample)],
    [
      ["mounts.order", "fail"],
      ["mounts.data", "fail"],
      ["hooks.prestart", "expected"],
    ],
  );
});

test("outcomes are counted", () => {
  assert.equal(tally(["pass", "skip", undefined, "pass"]), { pass: 2, fail: 0, expected: 0, skip: 1 });
});

test("chapters come in the order of their first clauses", () => {
  const [first, second] = clauses;
  const last = clauses.at(-1);
  assert.ok(first && second && last);
  assert.equal(
    [...byChapter([last, first, second])].map(([title, { length }]) => [title, length]),
    [
      ["Hooks", 1],
      ["Mounts", 2],
    ],
  );
});

test.run();
