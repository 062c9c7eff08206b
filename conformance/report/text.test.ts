// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { paintFor, plain } from "./paint.ts";
import { sample } from "./sample.ts";
import { summary } from "./text.ts";

test("the summary says everything once", () => {
  assert.is(
    summary(sample, plain),
    `crun: crun version 1.8.1, on Linux 6.18.5 x86_64, as root

chapter  clauses  tested   passed  failed  expected  skipped
Mounts         3       2        1       1         0        0
Hooks          2       1        0       0         1        1

Failed (1)

FAILED mounts/data/size
  clause      mounts.data (should, config.md#mounts)
              The demand of mounts.data.
  clause      mounts.order (must, config.md#mounts)
              The demand of mounts.order.
  looked at   size of /tmp
  expected    "64k"
  saw         nothing
  looked at   </script><img src=x onerror="alert('&')"> ]]> # \\x1b[31m\\x00
  expected    an error
  saw         0
  left behind process 12 /probe pause
  it said     one
              two \\x1b[31m
  bundle      /tmp/kept/it's
  repeat      runts-conformance '/usr/bin/my crun' --only mounts/data/size

Expected failures
  hooks/prestart/fails: hooks come later (issue 4)

Skipped
  no controller # memory (1)
    hooks/prestart/limits

Expected to fail, but did not
  mounts/order/two

5 clauses (3 must, 1 should, 1 may): 3 tested, 1 untestable, 1 without a case; \
4 cases: 1 passed, 1 failed, 1 expected failures, 1 skipped; 1.4 seconds
`,
  );
});

test("a run without trouble is short", () => {
  const [first] = sample.results;
  assert.ok(first);
  const text = summary({ ...sample, results: [first], unforeseen: [] }, plain);
  assert.is(
    text.split("\n\n").at(-1),
    "5 clauses (3 must, 1 should, 1 may): 1 tested, 1 untestable, 3 without a case; " +
      "1 cases: 1 passed, 0 failed, 0 expected failures, 0 skipped; 1.4 seconds\n",
  );
  assert.is(text.split("\n\n").length, 3);
});

test("a part of the suite is not taken for the whole", () => {
  assert.match(
    summary({ ...sample, only: "mounts/*" }, plain),
    ", 1 not looked at (--only mounts/*); 4 cases",
  );
  const other = {
    chapter: "Elsewhere",
    id: "a.b",
    level: "must" as const,
    text: "It is.",
    section: "config.md#a",
  };
  const clauses = [...sample.clauses, other];
  assert.match(summary({ ...sample, clauses }, plain), "Elsewhere");
  assert.not.match(summary({ ...sample, clauses, only: "mounts/*" }, plain), "Elsewhere");
  assert.match(
    summary({ ...sample, level: "must" }, plain),
    ", 1 without a case or not looked at (--level must); 4 cases",
  );
});

test("of many cases that lack the same, few are named", () => {
  const results = Array.from({ length: 6 }, (_, index) => ({
    name: `a/b/${index}`,
    clauses: ["mounts.order"],
    outcome: "skip" as const,
    reason: index === 5 ? "other" : "no memory",
    milliseconds: 0,
  }));
  assert.match(
    summary({ ...sample, results }, plain),
    "\nSkipped\n  no memory (5)\n    a/b/0\n    a/b/1\n    a/b/2\n    a/b/3\n    and 1 more\n  other (1)\n    a/b/5\n",
  );
});

test("colours are for terminals, unless somebody asks for none", () => {
  assert.is(paintFor({ isTTY: true }, { TERM: "xterm" }).red("x"), "\x1b[31mx\x1b[0m");
  assert.is(paintFor({ isTTY: true }, { TERM: "xterm", NO_COLOR: "1" }).red("x"), "x");
  assert.is(paintFor({ isTTY: true }, { TERM: "dumb" }).red("x"), "x");
  assert.is(paintFor({ isTTY: false }, { TERM: "xterm" }).red("x"), "x");
  assert.not.match(summary(sample, plain), "\x1b");
});

test.run();
