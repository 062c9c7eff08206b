// SPDX-License-Identifier: Apache-2.0

import type { DeviceRule } from "../config/types.ts";

/**
 * The device rules as a BPF program (BPF_PROG_TYPE_CGROUP_DEVICE). The kernel asks for a set of accesses to
 * one device; for each access the last rule that speaks of it decides, and all must be allowed. So the
 * rules are tried from the last to the first, with the accesses not yet decided kept in r6.
 */

/** What every container may use: the default devices, its terminals, and mknod of anything. */
const always: readonly DeviceRule[] = [
  { allow: true, type: "c", access: "m" },
  { allow: true, type: "b", access: "m" },
  { allow: true, type: "c", major: 1, minor: 3, access: "rwm" },
  { allow: true, type: "c", major: 1, minor: 5, access: "rwm" },
  { allow: true, type: "c", major: 1, minor: 7, access: "rwm" },
  { allow: true, type: "c", major: 1, minor: 8, access: "rwm" },
  { allow: true, type: "c", major: 1, minor: 9, access: "rwm" },
  { allow: true, type: "c", major: 5, minor: 0, access: "rwm" },
  { allow: true, type: "c", major: 5, minor: 1, access: "rwm" },
  { allow: true, type: "c", major: 5, minor: 2, access: "rwm" },
  { allow: true, type: "c", major: 136, access: "rwm" },
];

// BPF_DEVCG_ACC_*, BPF_DEVCG_DEV_* of linux/bpf.h
const accessBits: Readonly<Record<string, number>> = { m: 1, r: 2, w: 4 };
const everything = 7;
const typeNumbers = { b: 1, c: 2 } as const;

// instructions of linux/bpf.h: class | source | operation
const LOAD_WORD = 0x61;
const MOVE = 0xb7;
const MOVE_REGISTER = 0xbf;
const AND = 0x57;
const SHIFT_RIGHT = 0x77;
const JUMP_UNEQUAL = 0x55;
const JUMP_EQUAL = 0x15;
const EXIT = 0x95;

type Instruction = readonly [code: number, target: number, source: number, offset: number, value: number];

const prologue: readonly Instruction[] = [
  [LOAD_WORD, 2, 1, 0, 0], // access << 16 | type
  [MOVE_REGISTER, 6, 2, 0, 0],
  [SHIFT_RIGHT, 6, 0, 0, 16],
  [AND, 2, 0, 0, 0xffff],
  [LOAD_WORD, 4, 1, 4, 0], // major
  [LOAD_WORD, 5, 1, 8, 0], // minor
];

function answer(allowed: boolean): readonly Instruction[] {
  return [
    [MOVE, 0, 0, 0, allowed ? 1 : 0],
    [EXIT, 0, 0, 0, 0],
  ];
}

function accessOf(rule: DeviceRule): number {
  if (rule.access === undefined || rule.access === "") return everything;
  let bits = 0;
  for (const letter of rule.access) bits |= accessBits[letter] ?? 0;
  return bits;
}

function isAny(number: number | undefined): boolean {
  return number === undefined || number < 0;
}

interface Matches {
  readonly register: number;
  readonly value: number;
}

/** What a device must be for the rule to speak of it; type "a" is both types. */
function conditions(rule: DeviceRule): readonly Matches[] {
  const { type = "a", major, minor } = rule;
  const list: Matches[] = type === "a" ? [] : [{ register: 2, value: typeNumbers[type] }];
  if (!isAny(major)) list.push({ register: 4, value: major ?? 0 });
  if (!isAny(minor)) list.push({ register: 5, value: minor ?? 0 });
  return list;
}

function verdict(rule: DeviceRule): readonly Instruction[] {
  const access = accessOf(rule);
  if (access === everything) return answer(rule.allow);
  if (rule.allow) return [[AND, 6, 0, 0, everything & ~access], [JUMP_UNEQUAL, 6, 0, 2, 0], ...answer(true)];
  return [[MOVE_REGISTER, 3, 6, 0, 0], [AND, 3, 0, 0, access], [JUMP_EQUAL, 3, 0, 2, 0], ...answer(false)];
}

function assemble(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8);
  let at = 0;
  // byte by byte: a DataView's methods cost an interpreter more than this
  for (const [code, target, source, offset, value] of instructions) {
    bytes[at] = code;
    bytes[at + 1] = target | (source << 4);
    bytes[at + 2] = offset;
    bytes[at + 4] = value;
    bytes[at + 5] = value >> 8;
    bytes[at + 6] = value >> 16;
    bytes[at + 7] = value >> 24;
    at += 8;
  }
  return bytes;
}

/** The rules from the last to the first, and whether what follows them can still be reached. */
function ruleCode(rules: readonly DeviceRule[]): {
  readonly code: readonly Instruction[];
  readonly open: boolean;
} {
  const code: Instruction[] = [];
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i];
    if (!rule || accessOf(rule) === 0) continue;
    const matches = conditions(rule);
    const then = verdict(rule);
    matches.forEach(({ register, value }, at) => {
      code.push([JUMP_UNEQUAL, register, 0, matches.length - at - 1 + then.length, value]);
    });
    code.push(...then);
    // the kernel refuses a program with instructions that nothing reaches
    if (matches.length === 0 && accessOf(rule) === everything) return { code, open: false };
  }
  return { code, open: true };
}

/** How every filter begins; made once, which in the executable is when it is built. */
const beginning = assemble([...prologue, ...ruleCode(always).code]);

export function deviceFilter(rules: readonly DeviceRule[]): Uint8Array {
  const { code, open } = ruleCode(rules);
  const end = assemble(open ? [...code, ...answer(false)] : code);
  const program = new Uint8Array(beginning.length + end.length);
  program.set(beginning);
  program.set(end, beginning.length);
  return program;
}
