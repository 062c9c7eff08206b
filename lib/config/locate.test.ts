// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { locate } from "./locate.ts";

const at = (text: string, pointer: string) => {
  const [fault] = locate(text, [{ code: "type", pointer, expected: "" }]);
  return [fault?.line, fault?.column];
};

const text = '{\n  "a": [1,\n    {"b/c": true}],\n  "é": {"": 2}\n}';

test("a pointer leads to the line and column of its value", () => {
  assert.equal(at(text, ""), [1, 1]);
  assert.equal(at(text, "/a"), [2, 8]);
  assert.equal(at(text, "/a/0"), [2, 9]);
  assert.equal(at(text, "/a/1/b~1c"), [3, 13]);
  assert.equal(at(text, "/é/"), [4, 13]);
});

test("what is not there is shown at the nearest value above it", () => {
  assert.equal(at(text, "/a/7"), [2, 8]);
  assert.equal(at(text, "/x/y"), [1, 1]);
});

test("the place of a syntax error is where reading had to stop", () => {
  const place = (broken: string) => {
    const [fault] = locate(broken, [{ code: "syntax", pointer: "", expected: "JSON" }]);
    return [fault?.line, fault?.column, fault?.expected];
  };
  assert.equal(place('{"a":1,\n}'), [2, 1, 'a name in double quotes, or "}"']);
  assert.equal(place("[1,\n2"), [2, 2, '"]"']);
  assert.equal(place("// x\n1"), [1, 1, "no comment"]);
  assert.equal(place('{"a" 1}'), [1, 6, "a colon"]);
  assert.equal(place("1 2"), [1, 3, "the end of the document"]);
});

test("faults come in the order of the document", () => {
  const faults = ["/é", "/a/1", "/a"].map((pointer) => ({ code: "type", pointer, expected: "" }) as const);
  assert.equal(
    locate(text, faults).map(({ pointer }) => pointer),
    ["/a", "/a/1", "/é"],
  );
});

test.run();
