// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { isElf, readElf } from "./elf.ts";

function program(machine: number, loader: string, wide: boolean, little: boolean): Uint8Array {
  const head = wide ? 64 : 52;
  const entry = wide ? 56 : 32;
  const bytes = new Uint8Array(head + entry + loader.length + 1);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2]);
  view.setUint16(18, machine, little);
  const word = (at: number, value: number) =>
    wide ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little);
  word(wide ? 32 : 28, head);
  view.setUint16(wide ? 54 : 42, entry, little);
  view.setUint16(wide ? 56 : 44, 1, little);
  view.setUint32(head, loader === "" ? 1 : 3, little);
  word(head + (wide ? 8 : 4), head + entry);
  word(head + (wide ? 32 : 16), loader.length + 1);
  bytes.set(
    Array.from(loader, (letter) => letter.charCodeAt(0)),
    head + entry,
  );
  return bytes;
}

test("machine, width and loader of a program, in both byte orders", () => {
  const of = (...words: Parameters<typeof program>) => readElf(program(...words));
  assert.equal(of(62, "/lib64/ld.so", true, true), {
    bits: 64,
    machine: "x86_64",
    short: false,
    loader: "/lib64/ld.so",
  });
  assert.equal(of(22, "/lib/ld64.so.1", true, false), {
    bits: 64,
    machine: "s390x",
    short: false,
    loader: "/lib/ld64.so.1",
  });
  assert.equal(of(3, "/lib/ld.so", false, true), {
    bits: 32,
    machine: "i386",
    short: false,
    loader: "/lib/ld.so",
  });
  assert.equal(of(4711, "", true, true), { bits: 64, machine: "machine 4711", short: false });
});

test("no file is read beyond its end, wherever it is cut", () => {
  const whole = program(62, "/lib64/ld.so", true, true);
  for (let length = 4; length < 64 + 56; length++)
    assert.is(readElf(whole.subarray(0, length)).short, true, `${length}`);
  assert.is(isElf(whole), true);
  assert.is(isElf(whole.subarray(0, 3)), false);
});

test("offsets that lie are no loader", () => {
  const bytes = program(62, "/lib64/ld.so", true, true);
  new DataView(bytes.buffer).setBigUint64(64 + 8, 0xffff_ffff_ffff_ffffn, true);
  assert.is(readElf(bytes).loader, undefined);
});

test.run();
