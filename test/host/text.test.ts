// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode } from "../../lib/config/fixtures/host.ts";
import { errno, fails, host, latin1 } from "./host.ts";

const refused = (bytes: string) => fails(() => host.decode(latin1(bytes)), "decode", errno.EILSEQ);

test("UTF-8 of every length is decoded", () => {
  for (const text of ["", "plain ASCII, longer than a word", "é ß", "日本", "😀 \u{10ffff}"])
    assert.is(host.decode(encode(text)), text);
});

test("the ends of each range are valid", () => {
  for (const text of ["\u007f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\u{10000}"])
    assert.is(host.decode(encode(text)), text);
});

test("overlong forms are refused", () => {
  for (const bytes of ["\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf"]) refused(bytes);
});

test("surrogates are refused", () => {
  for (const bytes of ["\xed\xa0\x80", "\xed\xbf\xbf"]) refused(bytes);
});

test("code points past U+10FFFF are refused", () => {
  for (const bytes of ["\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"]) refused(bytes);
});

test("cut and stray bytes are refused, wherever they are", () => {
  for (const bytes of [
    "\x80",
    "\xc3",
    "\xe6\x97",
    "\xf0\x9f\x98",
    "a\xc3b",
    "abcdefgh\xbf",
    "abcdefghi\xe6\x97",
  ])
    refused(bytes);
});

test("NUL is refused, wherever it is", () => {
  for (const bytes of ["\0", "abc\0", "abcdefgh\0", "abcdefg\0hijklmnop"]) refused(bytes);
});

test("a byte order mark is kept as a character", () => {
  assert.is(host.decode(latin1("\xef\xbb\xbf{}")), "\ufeff{}");
});

test("digests are those of FIPS 180-2", () => {
  assert.is(host.digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.is(host.digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.is(
    host.digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
  assert.is(
    host.digest("a".repeat(1000000)),
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  );
});

test("a checksum is over whole words, in their order", () => {
  const words = (...values: number[]) => new Uint8Array(new Uint32Array(values).buffer);
  assert.is(host.checksum(words()), 1);
  assert.is(host.checksum(words(5)), 36);
  assert.is(host.checksum(words(5, 7)), 36 * 31 + 7);
  assert.is(host.checksum(words(7, 5)), (31 + 7) * 31 + 5);
  assert.is(host.checksum(words(0xffffffff)), 30);
  assert.is(host.checksum(words(5, 7).subarray(0, 7)), 36);
});

test("a digest is of the text's UTF-8", () => {
  assert.is(host.digest("é"), "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c");
});

test.run();
