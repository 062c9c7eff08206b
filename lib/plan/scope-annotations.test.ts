// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { RuntsError } from "../errors.ts";
import { annotatedProperties } from "./scope-annotations.ts";

const read = (name: string, value: string) =>
  annotatedProperties({ [`org.systemd.property.${name}`]: value });

function faultsOf(name: string, value: string) {
  try {
    read(name, value);
  } catch (error) {
    if (error instanceof RuntsError) return error.facts.faults ?? [];
  }
  return [];
}

test("numbers, texts, truth and lists are read as GVariant texts, by the type of the property", () => {
  assert.equal(read("TimeoutStopUSec", "uint64 123456789"), [["TimeoutStopUSec", "t", "123456789"]]);
  assert.equal(read("TasksMax", "7"), [["TasksMax", "t", "7"]]);
  assert.equal(read("CollectMode", "'inactive-or-failed'"), [["CollectMode", "s", "inactive-or-failed"]]);
  assert.equal(read("Description", `"it's"`), [["Description", "s", "it's"]]);
  assert.equal(read("DefaultDependencies", "true"), [["DefaultDependencies", "b", "1"]]);
  assert.equal(read("After", "['a.service', \"b.service\"]"), [
    ["After", "as", "2", "a.service", "b.service"],
  ]);
  assert.equal(read("Wants", "@as []"), [["Wants", "as", "0"]]);
});

test("a name in Sec takes seconds, with a fraction", () => {
  assert.equal(read("TimeoutStopSec", "uint64 5"), [["TimeoutStopUSec", "t", "5000000"]]);
  assert.equal(read("TimeoutStopSec", "1.25"), [["TimeoutStopUSec", "t", "1250000"]]);
});

test("a property that is not on the list is refused by its name", () => {
  for (const name of ["PIDs", "Delegate", "Slice", "ExecStart", "toString"]) {
    const [fault] = faultsOf(name, "'x'");
    assert.is(fault?.pointer, `/annotations/org.systemd.property.${name}`);
    assert.is(fault?.code, "unsupported");
  }
});

test("a value of another type is a fault", () => {
  for (const [name, value] of [
    ["CollectMode", "inactive"],
    ["TasksMax", "'7'"],
    ["TasksMax", "-1"],
    ["DefaultDependencies", "yes"],
    ["After", "['a', b]"],
    ["After", "['a' 'b']"],
    ["TimeoutStopSec", "soon"],
  ] as const)
    assert.is(faultsOf(name, value).length, 1, `${name} ${value}`);
});

test("all that is wrong is told at once, and other annotations are not looked at", () => {
  const prefix = "org.systemd.property.";
  try {
    annotatedProperties({ [`${prefix}Nope`]: "1", [`${prefix}TasksMax`]: "x", "org.other": "y" });
    assert.unreachable();
  } catch (error) {
    assert.is(error instanceof RuntsError && error.facts.faults?.length, 2);
  }
});

test.run();
