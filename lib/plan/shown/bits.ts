// SPDX-License-Identifier: Apache-2.0

/** Numbers of steps in the words that config.json has for them. */

import { capabilityNumbers } from "../../tables/capabilities.ts";
import { namespaceFlags } from "../../tables/namespaces.ts";
import { rlimitNumbers } from "../../tables/rlimits.ts";
import { signalNumbers } from "../../tables/signals.ts";

type Words = Readonly<Record<string, number | bigint>>;

/** MOUNT_ATTR_*, from linux/mount.h */
const attributes: Words = {
  ro: 0x1,
  nosuid: 0x2,
  nodev: 0x4,
  noexec: 0x8,
  noatime: 0x10,
  strictatime: 0x20,
  nodiratime: 0x80,
  nosymfollow: 0x200000,
};

/** MS_*, from linux/mount.h */
const propagation: Words = {
  recursive: 0x4000,
  unbindable: 0x20000,
  private: 0x40000,
  slave: 0x80000,
  shared: 0x100000,
};

const capabilities: Words = Object.fromEntries(
  Object.entries(capabilityNumbers).map(([name, bit]) => [name, 1n << BigInt(bit)]),
);

/** Sets of bits by the name of the argument, or of step and argument where that says more. */
const sets: Readonly<Record<string, Words>> = {
  attributes,
  set: attributes,
  clear: attributes,
  setRecursive: attributes,
  clearRecursive: attributes,
  propagation,
  "setPropagation flags": propagation,
  "cloneInit flags": namespaceFlags,
  "unshare flags": namespaceFlags,
  "joinProcess flags": namespaceFlags,
  "joinNamespaces types": namespaceFlags,
  "openNamespace type": namespaceFlags,
  keep: capabilities,
  effective: capabilities,
  permitted: capabilities,
  inheritable: capabilities,
  "setAmbientSet set": capabilities,
};

const fileTypes: Words = { c: 0o020000, b: 0o060000, p: 0o010000 };

/** One number, one word. */
const names: Readonly<Record<string, Words>> = {
  resource: rlimitNumbers,
  signal: signalNumbers,
  "mknod type": fileTypes,
  "makeDevice type": fileTypes,
};

const find = <Value>(table: Readonly<Record<string, Value>>, op: string, name: string): Value | undefined =>
  table[`${op} ${name}`] ?? table[name];

/** "nosuid+noexec", with what has no word in hexadecimal. */
function setText(value: bigint, words: Words): string {
  let rest = value;
  const found: string[] = [];
  for (const [word, bits] of Object.entries(words)) {
    if ((value & BigInt(bits)) === 0n) continue;
    found.push(word);
    rest &= ~BigInt(bits);
  }
  if (rest !== 0n) found.push(`0x${rest.toString(16)}`);
  return found.length === 0 ? "none" : found.join("+");
}

/** The number of an argument in words, or as people write it. */
export function numberText(op: string, name: string, value: number | bigint): string {
  const bits = find(sets, op, name);
  if (bits !== undefined && value >= 0) return setText(BigInt(value), bits);
  const words = find(names, op, name);
  const word = words && Object.keys(words).find((key) => words[key] === value);
  if (word !== undefined) return word;
  if (name === "mode" || name === "mask") return `0${value.toString(8)}`;
  return name === "flags" || name === "persona" ? `0x${value.toString(16)}` : String(value);
}
