// SPDX-License-Identifier: Apache-2.0

import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DeviceRule } from "../config/types.ts";
import { deviceFilter, rulesWithListed } from "./device-filter.ts";
import { interpret, type Request } from "./fixtures/bpf.ts";
import { model } from "./fixtures/device-model.ts";
import { listings, requests, ruleLists } from "./fixtures/device-rules.ts";

test("for every order of rules, types, wildcards and accesses it answers as the plain model", () => {
  fc.assert(
    fc.property(ruleLists, fc.array(requests, { minLength: 1, maxLength: 10 }), (rules, asked) => {
      const program = deviceFilter(rules);
      for (const request of asked) assert.is(interpret(program, request), model(rules, request));
    }),
    { numRuns: 1000 },
  );
});

test("the same with devices that linux.devices lists", () => {
  fc.assert(
    fc.property(listings, ruleLists, requests, (listed, rules, request) => {
      const program = deviceFilter(rulesWithListed(listed, rules));
      assert.is(interpret(program, request), model(rules, request, listed));
    }),
    { numRuns: 500 },
  );
});

test("the model itself sees a rule that is left out or in another place", () => {
  const deny: DeviceRule = { allow: false, type: "c", major: 60, access: "w" };
  const allow: DeviceRule = { allow: true, access: "rw" };
  const request: Request = { type: "c", major: 60, minor: 0, access: 4 };
  assert.equal(
    [[allow, deny], [deny, allow], [allow]].map((rules) => model(rules, request)),
    [false, true, true],
  );
});

test("without rules only the default devices and mknod are allowed", () => {
  const program = deviceFilter([]);
  const allowed = (type: "b" | "c", major: number, minor: number, access: number) =>
    interpret(program, { type, major, minor, access });
  assert.ok(allowed("c", 1, 3, 6));
  assert.ok(allowed("c", 136, 77, 6));
  assert.ok(allowed("c", 10, 200, 6));
  assert.ok(allowed("b", 8, 0, 1));
  assert.not(allowed("b", 8, 0, 2));
  assert.not(allowed("c", 1, 1, 2));
  assert.not(allowed("b", 1, 3, 2));
});

test("a number that fills 32 bits is no wildcard", () => {
  const program = deviceFilter([{ allow: true, type: "c", major: 4294967295, access: "rw" }]);
  assert.not(interpret(program, { type: "c", major: 60, minor: 1, access: 2 }));
});

test("no access letters are all of them, as with every field that is not given", () => {
  for (const rule of [{ allow: true } as const, { allow: true, access: "" } as const])
    assert.ok(interpret(deviceFilter([rule]), { type: "b", major: 60, minor: 1, access: 7 }));
});

test("a listed device may be used as long as no rule takes it away", () => {
  const listed = [
    { type: "u", path: "/dev/a", major: 60, minor: 1 },
    { type: "b", path: "/dev/b", major: 60, minor: 2 },
    { type: "p", path: "/dev/p" },
  ] as const;
  const may = (rules: readonly DeviceRule[], type: "b" | "c", minor: number) =>
    interpret(deviceFilter(rulesWithListed(listed, rules)), { type, major: 60, minor, access: 6 });
  assert.equal(
    [may([], "c", 1), may([], "b", 2), may([], "b", 1), may([], "c", 2)],
    [true, true, false, false],
  );
  assert.not(may([{ allow: false, access: "rwm" }], "c", 1));
  assert.not(may([{ allow: false, type: "c", access: "w" }], "c", 1));
  assert.ok(may([{ allow: false, type: "c", access: "w" }], "b", 2));
  assert.is(deviceFilter(rulesWithListed(listed, [{ allow: false }])).length, deviceFilter([]).length);
});

test("a thousand rules are as right as one", () => {
  const rules = Array.from(
    { length: 1000 },
    (_, i): DeviceRule => ({
      allow: i % 2 === 0,
      type: "c",
      major: 60,
      minor: i,
      access: "rw",
    }),
  );
  const program = deviceFilter(rules);
  for (const minor of [0, 1, 500, 501, 998, 999, 1000]) {
    const request: Request = { type: "c", major: 60, minor, access: 2 };
    assert.is(interpret(program, request), model(rules, request), `${minor}`);
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
