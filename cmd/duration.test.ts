// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { duration } from "./duration.ts";

test("times are read as Go reads them", () => {
  for (const [text, wanted] of [
    ["5s", 5000],
    ["500ms", 500],
    ["1m30s", 90_000],
    ["1.5s", 1500],
    [".5s", 500],
    ["1h", 3_600_000],
    ["250us", 0.25],
    ["250µs", 0.25],
  ] as const)
    assert.is(duration("interval", text), wanted, text);
});

test("a time without a unit, of nothing, backwards or for ever is refused", () => {
  for (const text of ["5", "s", "0s", "-5s", "5s ", "5 s", "five", "1d", "1e3s", "600h"])
    assert.throws(
      () => duration("interval", text),
      (error: unknown) => Object(error).code === "usage",
      text,
    );
});

test.run();
