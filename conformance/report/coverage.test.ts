// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { coverage, coverageTable, untestableTable } from "./coverage.ts";
import { clauses } from "./sample.ts";

test("a clause has a case, or a reason for having none, or neither", () => {
  const found = coverage(clauses, ["mounts.order", "mounts.order", "hooks.prestart", "unknown"]);
  assert.is(found.clauses, 5);
  assert.equal(found.levels, { must: 3, should: 1, may: 1 });
  assert.equal(
    [found.tested, found.untestable, found.untested].map((list) => list.map(({ id }) => id)),
    [["mounts.order", "hooks.prestart"], ["mounts.hidden"], ["mounts.data", "hooks.warn"]],
  );
});

test("a case for a clause that is said to be untestable makes it a tested one", () => {
  const { tested, untestable } = coverage(clauses, ["mounts.hidden"]);
  assert.equal([tested.length, untestable.length], [1, 0]);
});

test("the table has a line a chapter and one for all", () => {
  assert.is(
    coverageTable(clauses, new Set(["mounts.order"]).values()),
    `| Chapter | MUST | SHOULD | MAY | clauses | tested | untestable | without a case |
| --- | --: | --: | --: | --: | --: | --: | --: |
| Mounts | 2 | 1 | 0 | 3 | 1 | 1 | 1 |
| Hooks | 1 | 0 | 1 | 2 | 0 | 0 | 2 |
| all | 3 | 1 | 1 | 5 | 1 | 1 | 3 |
`,
  );
});

test("reasons cannot break the table that they are in", () => {
  assert.is(
    untestableTable(clauses, []),
    `| Clause | Level | Why no case can judge it |
| --- | --- | --- |
| mounts.hidden | MUST | cannot be seen \\| from outside |
`,
  );
});

test.run();
