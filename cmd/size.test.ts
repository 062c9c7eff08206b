// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { numberOf, sizeOf } from "./size.ts";

test("sizes are read as docker/go-units reads them", () => {
  const sizes: Readonly<Record<string, number>> = {
    "0": 0,
    "32": 32,
    "32b": 32,
    "32B": 32,
    "32k": 32768,
    "32K": 32768,
    "32kb": 32768,
    "32Kb": 32768,
    "32KiB": 32768,
    "32 kB": 32768,
    "1m": 1 << 20,
    "1 MiB": 1 << 20,
    "1.5g": 1.5 * 2 ** 30,
    ".5k": 512,
    "2.k": 2048,
    "32.5kB": 33280,
    "1t": 2 ** 40,
    "1p": 2 ** 50,
    "0.9": 0,
    "+7k": 7168,
    "-1": -1,
  };
  for (const [text, bytes] of Object.entries(sizes)) assert.is(sizeOf(text), bytes, text);
});

test("large sizes are exact", () => {
  assert.is(sizeOf("9223372036854775807"), 9223372036854775807n);
  assert.is(sizeOf("9007199254740993"), 9007199254740993n);
  assert.is(sizeOf("8191p"), 8191n << 50n);
});

test("anything else is no size", () => {
  for (const text of ["", "x", "-2", "-1k", "k", ".", "1kk", "1bk", "1ib", "1kibb", "32  k", "32k ", "1e3g"])
    assert.is(sizeOf(text), undefined, text);
  // beyond 64 bits
  for (const text of ["8192p", "9223372036854775808", "99999999999999999999"])
    assert.is(sizeOf(text), undefined, text);
});

test("numbers are whole and exact", () => {
  assert.equal(["0", "-1", "+5", "9223372036854775807"].map(numberOf), [0, -1, 5, 9223372036854775807n]);
  for (const text of ["", "1.5", "1k", "0x1", "--1", " 1"]) assert.is(numberOf(text), undefined, text);
});

test.run();
