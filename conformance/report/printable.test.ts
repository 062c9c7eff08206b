// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { oneLine, printable, quote, shorten } from "./printable.ts";

test("what would drive a terminal or break XML is shown as its code", () => {
  assert.is(
    printable("\x1b[2J\x9b\0\x7f\r \u202e\u2066 \ufffe \ud800"),
    "\\x1b[2J\\x9b\\x00\\x7f\\x0d \\u202e\\u2066 \\ufffe \\ud800",
  );
});

test("text stays as it is, in whatever script", () => {
  const text = "a\tb\nÄ ß 日本 😀 \\x1b";
  assert.is(printable(text), text);
});

test("lines become one", () => {
  assert.is(oneLine("  one \n\n\ttwo\tthree\x07\n"), "one two three\\x07");
});

test("a text too long ends with a dot of its own", () => {
  assert.is(shorten("abcdef", 6), "abcdef");
  assert.is(shorten("abcdef", 4), "abc…");
  assert.is(shorten("😀😀😀", 2), "😀…");
});

test("a shell takes a quoted word for one word", () => {
  assert.is(quote("/usr/bin/crun"), "/usr/bin/crun");
  assert.is(quote("my crun"), "'my crun'");
  assert.is(quote("it's $(here)"), "'it'\\''s $(here)'");
  assert.is(quote(""), "''");
  assert.is(quote("~root"), "'~root'");
});

test.run();
