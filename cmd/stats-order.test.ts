// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { usageNamed } from "./fixtures/usage.ts";
import { isOrder, type Order, ordered, orders } from "./stats-order.ts";

const rows = [
  usageNamed("c", { cpu: { percent: 5.01, limit: null }, pids: { current: 9, limit: null } }),
  usageNamed("a", { cpu: { percent: 5.04, limit: null }, pids: { current: 1, limit: null } }),
  usageNamed("d", { memory: { used: 7, limit: null, percent: null } }),
  usageNamed("b", {
    cpu: { percent: 90, limit: null },
    blockIo: { read: 0, written: 0, readRate: null, writeRate: 3 },
    pressure: { cpu: null, memory: 1, io: 2 },
  }),
];

const names = (order: Order, reversed = false) =>
  ordered(rows, order, reversed)
    .map(({ id }) => id)
    .join("");

test("the greatest comes first, what is not known last, and what looks alike by its name", () => {
  assert.is(names("name"), "abcd");
  assert.is(names("cpu"), "bacd");
  assert.is(names("memory"), "dabc");
  assert.is(names("io"), "bacd");
  assert.is(names("pids"), "cabd");
  assert.is(names("stall"), "bacd");
});

test("any order can be turned round", () => {
  assert.is(names("name", true), "dcba");
  assert.is(names("cpu", true), "dcab");
});

test("only orders are orders", () => {
  assert.ok(orders.every(isOrder));
  assert.not(isOrder("size"));
  assert.not(isOrder(undefined));
});

test.run();
