// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DeviceRule } from "../config/types.ts";
import { deviceFilter } from "./device-filter.ts";

interface Request {
  readonly type: "b" | "c";
  readonly major: number;
  readonly minor: number;
  readonly access: number;
}

/** What the kernel would answer: the few instructions the filter is made of, interpreted. */
function ask(program: Uint8Array, { type, major, minor, access }: Request): boolean {
  const view = new DataView(program.buffer);
  const context = [(access << 16) | (type === "b" ? 1 : 2), major, minor];
  const registers = new Array<number>(11).fill(0);
  for (let at = 0; at * 8 < program.length; at++) {
    const code = view.getUint8(at * 8);
    const target = view.getUint8(at * 8 + 1) & 15;
    const source = view.getUint8(at * 8 + 1) >> 4;
    const offset = view.getInt16(at * 8 + 2, true);
    const value = view.getInt32(at * 8 + 4, true);
    const now = registers[target] ?? 0;
    if (code === 0x61) registers[target] = context[offset / 4] ?? 0;
    else if (code === 0xb7) registers[target] = value;
    else if (code === 0xbf) registers[target] = registers[source] ?? 0;
    else if (code === 0x57) registers[target] = now & value;
    else if (code === 0x77) registers[target] = now >>> value;
    else if (code === 0x55) at += now !== value ? offset : 0;
    else if (code === 0x15) at += now === value ? offset : 0;
    else if (code === 0x95) return registers[0] === 1;
    else throw new Error(`instruction 0x${code.toString(16)}`);
  }
  throw new Error("no answer");
}

const bits: Readonly<Record<string, number>> = { m: 1, r: 2, w: 4 };

/** The spec's rules, plainly: for each access the last rule that speaks of it. */
function model(rules: readonly DeviceRule[], request: Request): boolean {
  for (const letter of ["m", "r", "w"]) {
    if (!(request.access & (bits[letter] ?? 0))) continue;
    let allowed = false;
    for (const rule of rules) {
      const all = rule.type === undefined || rule.type === "a";
      const same =
        (all || rule.type === request.type) &&
        (rule.major === undefined || rule.major === request.major) &&
        (rule.minor === undefined || rule.minor === request.minor);
      if (same && (!rule.access || rule.access.includes(letter))) allowed = rule.allow;
    }
    if (!allowed) return false;
  }
  return true;
}

let seed = 20261123;
function random(below: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >>> 8) % below;
}

function pick<Value>(values: readonly Value[]): Value {
  const value = values[random(values.length)];
  if (value === undefined) throw new Error("nothing to pick");
  return value;
}

function randomRule(): DeviceRule {
  const type = pick(["a", "b", "c", "c"] as const);
  const access = pick(["r", "w", "m", "rw", "rm", "wm", "rwm", ""]);
  return {
    allow: random(2) === 1,
    type,
    ...(random(3) > 0 && { major: 200 + random(3) }),
    ...(random(3) > 0 && { minor: random(3) }),
    ...(access !== "" && { access }),
  };
}

test("without rules only the default devices and mknod are allowed", () => {
  const program = deviceFilter([]);
  assert.ok(ask(program, { type: "c", major: 1, minor: 3, access: 6 }));
  assert.ok(ask(program, { type: "c", major: 136, minor: 77, access: 6 }));
  assert.ok(ask(program, { type: "b", major: 8, minor: 0, access: 1 }));
  assert.not(ask(program, { type: "b", major: 8, minor: 0, access: 2 }));
  assert.not(ask(program, { type: "c", major: 1, minor: 1, access: 2 }));
});

test("for every order of rules, wildcards and accesses it answers as the plain model", () => {
  for (let round = 0; round < 400; round++) {
    const rules = Array.from({ length: random(8) }, randomRule);
    const program = deviceFilter(rules);
    for (let i = 0; i < 20; i++) {
      // numbers that no default rule speaks of
      const request: Request = {
        type: pick(["b", "c"] as const),
        major: 200 + random(4),
        minor: random(4),
        access: pick([2, 4, 6]),
      };
      assert.is(ask(program, request), model(rules, request), JSON.stringify({ rules, request }));
    }
  }
});

test("rules that nothing can reach are left out, as the kernel's verifier wants", () => {
  const one = deviceFilter([{ allow: true, type: "a" }]);
  const two = deviceFilter([
    { allow: false, type: "a" },
    { allow: true, type: "a" },
  ]);
  assert.is(one.length, two.length);
});

test.run();
