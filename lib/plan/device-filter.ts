// SPDX-License-Identifier: Apache-2.0

import type { Device, DeviceRule } from "../config/types.ts";

/**
 * The device rules as a BPF program (BPF_PROG_TYPE_CGROUP_DEVICE). The kernel asks for a set of accesses to
 * one device; for each access the last rule that speaks of it decides, and all must be allowed. So the
 * rules are tried from the last to the first, with the accesses not yet decided kept in a register.
 */

/**
 * What every container may use, as with runc and crun: the default devices, its terminals, /dev/net/tun, and
 * mknod of anything. No rule takes these away.
 */
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
  { allow: true, type: "c", major: 10, minor: 200, access: "rwm" },
  { allow: true, type: "c", major: 136, access: "rwm" },
];

// BPF_DEVCG_ACC_*, BPF_DEVCG_DEV_* of linux/bpf.h
const accessBits: Readonly<Record<string, number>> = { m: 1, r: 2, w: 4 };
const everything = 7;
const typeNumbers = { b: 1, c: 2 } as const;

// instructions of linux/bpf.h: class | size or source | operation
const LOAD_WORD = 0x61;
const LOAD_HALF = 0x69;
const MOVE = 0xb7;
const MOVE_REGISTER = 0xbf;
const AND = 0x57;
const OR_REGISTER = 0x4f;
const EXCLUSIVE_OR = 0xa7;
const JUMP_UNEQUAL = 0x55;
const JUMP_EQUAL = 0x15;
const EXIT = 0x95;

// struct bpf_cgroup_dev_ctx: access << 16 | type, major, minor
const typeAt = 0;
const accessAt = 2;
const majorAt = 4;
const minorAt = 8;

const result = 0;
const context = 1;
const scratch = 2;
const second = 3;
const undecided = 6;

type Instruction = readonly [code: number, target: number, source: number, offset: number, value: number];

const prologue: readonly Instruction[] = [[LOAD_HALF, undecided, context, accessAt, 0]];

function answer(allowed: boolean): readonly Instruction[] {
  return [
    [MOVE, result, 0, 0, allowed ? 1 : 0],
    [EXIT, 0, 0, 0, 0],
  ];
}

/** Engines leave out an empty string: no letters are as good as no field, and what is not given matches all. */
function accessOf(rule: DeviceRule): number {
  if (rule.access === undefined || rule.access === "") return everything;
  let bits = 0;
  for (const letter of rule.access) bits |= accessBits[letter] ?? 0;
  return bits;
}

interface Matches {
  readonly load: number;
  readonly at: number;
  readonly value: number;
}

/**
 * What a device must be for the rule to speak of it; type "a" is both types. A number too large for a device
 * equals none, since the kernel extends it to 64 bits with its sign: it matches nothing.
 */
function conditions({ type = "a", major = -1, minor = -1 }: DeviceRule): readonly Matches[] {
  const list: Matches[] = [];
  if (major >= 0) list.push({ load: LOAD_WORD, at: majorAt, value: major });
  if (minor >= 0) list.push({ load: LOAD_WORD, at: minorAt, value: minor });
  if (type !== "a") list.push({ load: LOAD_HALF, at: typeAt, value: typeNumbers[type] });
  return list;
}

function verdict(rule: DeviceRule): readonly Instruction[] {
  const access = accessOf(rule);
  if (access === everything) return answer(rule.allow);
  if (rule.allow)
    return [
      [AND, undecided, 0, 0, everything & ~access],
      [JUMP_UNEQUAL, undecided, 0, 2, 0],
      ...answer(true),
    ];
  return [
    [MOVE_REGISTER, scratch, undecided, 0, 0],
    [AND, scratch, 0, 0, access],
    [JUMP_EQUAL, scratch, 0, 2, 0],
    ...answer(false),
  ];
}

/** Leaves 0 in `scratch` when all of it is so, without a jump. */
function difference(matches: readonly Matches[]): readonly Instruction[] {
  return matches.flatMap(({ load, at, value }, i): readonly Instruction[] => {
    const target = i === 0 ? scratch : second;
    const gather: readonly Instruction[] = i === 0 ? [] : [[OR_REGISTER, scratch, second, 0, 0]];
    return [[load, target, context, at, 0], [EXCLUSIVE_OR, target, 0, 0, value], ...gather];
  });
}

/**
 * Each rule loads what it compares anew. With the numbers kept in registers, the kernel's verifier would go
 * through all later rules once for each number that an earlier one has shown a register to hold: at a thousand
 * rules it gave up. And a rule has one jump for all that it compares: of each jump the verifier keeps the other
 * way for later, and no more than 8192 of them.
 */
function ruleInstructions(rule: DeviceRule): readonly Instruction[] {
  const matches = conditions(rule);
  const then = verdict(rule);
  if (matches.length === 0) return then;
  return [...difference(matches), [JUMP_UNEQUAL, scratch, 0, then.length, 0], ...then];
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
    if (!rule) continue;
    code.push(...ruleInstructions(rule));
    // the kernel refuses a program with instructions that nothing reaches
    if (conditions(rule).length === 0 && accessOf(rule) === everything) return { code, open: false };
  }
  return { code, open: true };
}

/** How every filter begins; made once, which in the executable is when it is built. */
const beginning = assemble([...prologue, ...ruleCode(always).code]);

/**
 * The rules of a container: what linux.devices lists "MUST be available", unless a rule takes it away
 * (config-linux.md#devices). Engines deny all before they allow anything, so for them nothing follows from it.
 */
export function rulesWithListed(
  listed: readonly Device[] = [],
  rules: readonly DeviceRule[] = [],
): readonly DeviceRule[] {
  const implied = listed.flatMap(({ type, major, minor }): DeviceRule[] =>
    type === "p" || major === undefined || minor === undefined
      ? []
      : [{ allow: true, type: type === "b" ? "b" : "c", major, minor, access: "rw" }],
  );
  return [...implied, ...rules];
}

export function deviceFilter(rules: readonly DeviceRule[]): Uint8Array {
  const { code, open } = ruleCode(rules);
  const end = assemble(open ? [...code, ...answer(false)] : code);
  const program = new Uint8Array(beginning.length + end.length);
  program.set(beginning);
  program.set(end, beginning.length);
  return program;
}
