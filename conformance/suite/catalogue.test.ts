// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { chapters } from "../catalogue/index.ts";
import { allCases, allClauses } from "./cases.ts";
import { catalogueText } from "./catalogue-text.ts";
import { parseExpected } from "./expected.ts";

const clauses = chapters.flatMap(({ clauses: list }) => list);
const judged = new Set<string>([...allCases.values()].flatMap(({ property }) => property.clauses));

test("each clause has an id of its own, a sentence and a section", () => {
  assert.is(allClauses.size, clauses.length);
  for (const { id, text, section } of clauses) {
    assert.match(id, /^[a-z][a-z0-9-]*\.[a-z0-9][a-z0-9-]*$/);
    assert.match(text, /\S.*\.$/, id);
    assert.match(section, /^[a-z-]+\.md#[a-z0-9-]+$/, id);
  }
});

test("each clause has a case, or says why it cannot have one", () => {
  const without = clauses.filter(({ id, untestable }) => untestable === undefined && !judged.has(id));
  assert.equal(
    without.map(({ id }) => id),
    [],
  );
  const both = clauses.filter(({ id, untestable }) => untestable !== undefined && judged.has(id));
  assert.equal(
    both.map(({ id }) => id),
    [],
  );
});

test("the lists of expected failures name cases, clauses and reasons; of runts also the issue", () => {
  const lists = readdirSync("conformance/expected").filter((name) => name.endsWith(".json"));
  assert.equal(lists.sort(), ["crun.json", "runc.json", "runts.json"]);
  for (const name of lists) {
    const expected = parseExpected(readFileSync(`conformance/expected/${name}`, "utf8"));
    const names = expected.map(({ name: one }) => one);
    assert.equal(new Set(names).size, names.length, `${name} names a case twice`);
    if (name !== "runts.json") continue;
    for (const { name: one, issue } of expected) assert.ok(issue !== undefined, `${one} has no issue`);
  }
});

test("docs/conformance.md has the catalogue's figures (runts-conformance --clauses prints them)", () => {
  const docs = readFileSync("docs/conformance.md", "utf8");
  const start = "<!-- clauses -->\n";
  const [, between] = docs.split(start);
  assert.is(between?.split("<!-- end -->")[0], catalogueText());
});

test.run();
