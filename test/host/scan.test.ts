// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode } from "../../lib/config/fixtures/host.ts";
import { errno, fails, host } from "./host.ts";

const scan = (text: string) => host.scanJson(encode(text));
const duplicates = (text: string) => scan(text).duplicates;
const integers = (text: string) => scan(text).integers;

test("a document without surprises gives nothing", () => {
  assert.equal(scan('{"a":[1,2.5,-3e7,true,null,"x",{}],"b":{"a":1}}'), { duplicates: [], integers: [] });
});

test("a name given twice is reported where it stands the second time", () => {
  assert.equal(duplicates('{"a":1,"b":{"c":1,"c":2,"d":3,"c":4}}'), ["/b/c", "/b/c"]);
});

test("the same name in two objects is no duplicate", () => {
  assert.equal(duplicates('{"a":{"b":1},"c":{"b":1},"b":[{"b":1},{"b":1}]}'), []);
});

test("a string value that looks like a name is none", () => {
  assert.equal(duplicates('{"a":"b","b":"a","c":["a","a"]}'), []);
});

test("names are compared as they read, however they are escaped", () => {
  assert.equal(duplicates('{"\\u0061":1,"a":2}'), ["/a"]);
  assert.equal(duplicates('{"\\ud83d\\ude00":1,"😀":2}'), ["/😀"]);
  assert.equal(duplicates('{"\\u00e9":1,"é":2}'), ["/é"]);
  assert.equal(duplicates('{"\\/":1,"/":2}'), ["/~1"]);
  assert.equal(duplicates('{"a\\u0062":1,"a\\u0063":2}'), []);
});

test("quotes and backslashes inside strings do not end them", () => {
  assert.equal(duplicates('{"a\\"":1,"a\\\\":2,"a\\"":3,"x":"\\\\","y":"{\\"x\\":1"}'), ['/a"']);
});

test("pointers escape tilde and slash, and count the items of arrays", () => {
  assert.equal(duplicates('{"a~/b":[0,[{},{"c":1,"c":2}]]}'), ["/a~0~1b/1/1/c"]);
});

test("a duplicate among many names is found, and found once", () => {
  const names = Array.from({ length: 1000 }, (_, i) => `"n${i}":${i}`);
  assert.equal(duplicates(`{${[...names, '"n500":0'].join()}}`), ["/n500"]);
});

test("no name is compared with each other name of an object: a hundred thousand of them take no time", () => {
  const names = Array.from({ length: 100000 }, (_, i) => `"name number ${i}":0`);
  const bytes = encode(`{${names.join()}}`);
  const start = host.now();
  assert.equal(host.scanJson(bytes).duplicates, []);
  // 5 ms on an idle machine; other tests run beside it
  assert.ok(host.now() - start < 5e9);
});

test("integers up to ±(2^53 - 1) are no news, those beyond are", () => {
  assert.equal(integers("[9007199254740991,-9007199254740991]"), []);
  assert.equal(integers("[9007199254740992,-9007199254740992]"), [
    ...["/0", "9007199254740992"],
    ...["/1", "-9007199254740992"],
  ]);
});

test("64-bit integers come as they are written, with their pointers", () => {
  assert.equal(integers('{"process":{"rlimits":[{"hard":18446744073709551615,"soft":1}]}}'), [
    ...["/process/rlimits/0/hard", "18446744073709551615"],
  ]);
});

test("numbers with a fraction or an exponent are left to JSON.parse", () => {
  assert.equal(integers("[9007199254740993.0,1e20,12345678901234567890E2]"), []);
});

test("a document that is one big integer has the empty pointer", () => {
  assert.equal(integers(" 18446744073709551615 "), ["", "18446744073709551615"]);
});

test("the pointer after a nested value is that of the outer one again", () => {
  assert.equal(integers('{"a":{"b":{"c":[]}},"d":99999999999999999}'), ["/d", "99999999999999999"]);
});

test("512 levels are scanned, 513 are refused", () => {
  const nested = (depth: number) => `${"[".repeat(depth)}1${"]".repeat(depth)}`;
  assert.equal(scan(nested(512)).integers, []);
  fails(() => scan(nested(513)), "scanJson", errno.ELOOP);
});

test("a pointer that no UTF-8 string can hold is refused, not misspelt", () => {
  fails(() => scan('{"\\u0000":18446744073709551615}'), "scanJson", errno.EILSEQ);
  fails(() => scan('{"\\ud800":18446744073709551615}'), "scanJson", errno.EILSEQ);
  assert.equal(scan('{"\\u0000":1,"\\ud800":2}'), { duplicates: [], integers: [] });
});

test("a report that would outgrow its document many times is refused", () => {
  const name = "n".repeat(100000);
  const big = Array.from({ length: 100 }, () => "18446744073709551615");
  fails(() => scan(`{"${name}":[${big.join()}]}`), "scanJson", errno.E2BIG);
});

test("what is not JSON is scanned without harm", () => {
  for (const text of [
    "",
    '"',
    '{"a',
    '{"a\\',
    '{"\\u12',
    "]",
    "}}",
    "[}",
    "-",
    "{{{",
    ",:,",
    '{"a":1}{"a":1}',
  ])
    try {
      scan(text);
    } catch (error) {
      assert.instance(error, Error);
    }
});

test.run();
