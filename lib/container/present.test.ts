// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { RuntsError } from "../errors.ts";
import type { Json } from "../host.ts";
import { withoutVersion1, withPresent } from "./present.ts";

const present =
  (files: Readonly<Record<string, string>>) =>
  (file: string): string | undefined =>
    files[file];

const limited = present({ "memory.max": "1000", "memory.swap.max": "500", "cpu.max": "20000 100000" });

test("swap alone counts from the memory limit that is there", () => {
  assert.equal(withPresent({ memory: { swap: 1200 } }, limited), { memory: { swap: 1200, limit: 1000n } });
  assert.equal(withPresent({ memory: { swap: -1 } }, limited), { memory: { swap: -1 } });
  assert.equal(withPresent({ memory: { swap: 5 } }, present({ "memory.max": "max" })), {
    memory: { swap: 5 },
  });
});

test("memory alone leaves the limit of memory and swap together as it is", () => {
  assert.equal(withPresent({ memory: { limit: 800 } }, limited), { memory: { limit: 800, swap: 1500n } });
  assert.equal(withPresent({ memory: { limit: -1 } }, limited), { memory: { limit: -1 } });
  const free = present({ "memory.max": "1000", "memory.swap.max": "max" });
  assert.equal(withPresent({ memory: { limit: 800 } }, free), { memory: { limit: 800 } });
});

test("memory beyond the limit of both is refused by name", () => {
  try {
    withPresent({ memory: { limit: 1501 } }, limited);
    assert.unreachable();
  } catch (error) {
    assert.ok(error instanceof RuntsError);
    assert.is(error.facts.pointer, "/linux/resources/memory/limit");
    assert.match(error.facts.detail ?? "", "1500 bytes");
  }
});

test("a period alone keeps the quota", () => {
  assert.equal(withPresent({ cpu: { period: 50000 } }, limited), { cpu: { period: 50000, quota: 20000n } });
  assert.equal(withPresent({ cpu: { period: 50000 } }, present({ "cpu.max": "max 100000" })), {
    cpu: { period: 50000 },
  });
});

test("what is no object is left to the schema", () => {
  const odd: readonly Json[] = [null, 5, "x", [], { memory: 5 }, { memory: { limit: "x" } }, { cpu: null }];
  for (const value of odd) assert.equal(withPresent(value, limited), value);
  assert.equal(withPresent({ memory: { limit: 1.5 } }, limited), { memory: { limit: 1.5 } });
});

test("what cgroup v2 does not have is left out with a word, none of it without one", () => {
  const heard: string[] = [];
  const asked: Json = {
    memory: { kernel: 5, kernelTCP: -1, limit: 7 },
    cpu: { realtimePeriod: 0 },
    pids: {},
  };
  assert.equal(
    withoutVersion1(asked, (message) => heard.push(message)),
    { memory: { limit: 7 }, cpu: {}, pids: {} },
  );
  assert.equal(heard, ["memory.kernel is of cgroup v1 only and not set"]);
});

test.run();
