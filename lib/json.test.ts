// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode, memoryHost } from "./config/fixtures/host.ts";
import { RuntsError } from "./errors.ts";
import { escapeToken, readJson, tokensOf, valueAt, writeJson } from "./json.ts";

const host = memoryHost({});
const read = (text: string) => readJson(host, encode(text));

function faultsOf(bytes: Uint8Array) {
  try {
    readJson(host, bytes);
  } catch (error) {
    if (error instanceof RuntsError)
      return error.facts.faults?.map(({ code, pointer }) => `${code} ${pointer}`);
    throw error;
  }
  return [];
}

test("integers that a double holds stay numbers", () => {
  assert.equal(read('{"a":9007199254740991,"b":-9007199254740991,"c":1.5}'), {
    a: 9007199254740991,
    b: -9007199254740991,
    c: 1.5,
  });
});

test("integers beyond that become bigints, wherever they are", () => {
  const value = read('{"a":[{"b/c~":18446744073709551615}],"d":-9223372036854775808}');
  assert.is(valueAt(value, "/a/0/b~1c~0"), 18446744073709551615n);
  assert.is(valueAt(value, "/d"), -9223372036854775808n);
});

test("a document may be one big integer", () =>
  assert.is(read("18446744073709551615"), 18446744073709551615n));

test("a name given twice is a fault at its pointer", () => {
  assert.equal(faultsOf(encode('{"a":{"b":1,"b":2},"c":[{"d":1},{"d":1}]}')), ["duplicate /a/b"]);
});

test("a document that is not JSON is a syntax fault", () => {
  for (const text of ["", "{", '{"a":1,}', "[1 2]", "{'a':1}", "nul", '{"a":1}x'])
    assert.equal(faultsOf(encode(text)), ["syntax "], text);
});

test("a document that is not UTF-8 is a syntax fault", () => {
  assert.equal(faultsOf(Uint8Array.of(0x22, 0xff, 0x22)), ["syntax "]);
});

test("a pointer's tokens come back from their escaped form", () => {
  const tokens = ["", "a/b", "~", "~1", "m~n/o"];
  assert.equal(tokensOf(tokens.map((token) => `/${escapeToken(token)}`).join("")), tokens);
});

test("valueAt finds no inherited names", () => {
  assert.is(valueAt({ a: [1] }, "/constructor"), undefined);
  assert.is(valueAt({ a: [1] }, "/a/length/x"), undefined);
});

test("what is written has bigints as integers, and no undefined members", () => {
  const value = { a: 18446744073709551615n, b: [1n, null, "x\n", 1.5], c: undefined, 'd"': { e: true } };
  assert.is(writeJson(value), '{"a":18446744073709551615,"b":[1,null,"x\\n",1.5],"d\\"":{"e":true}}');
  assert.is(writeJson({}), "{}");
});

test.run();
