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
  assert.equal(read("After", "@as []"), [["After", "as", "0"]]);
});

test("numbers may have their type before them, whatever the property's is, and other bases", () => {
  for (const value of ["16", "uint32 16", "int64 16", "@t 16", "byte 0x10", "0x10", "020", "+16"])
    assert.equal(read("MemoryHigh", value), [["MemoryHigh", "t", "16"]], value);
  assert.equal(read("DefaultDependencies", "boolean false"), [["DefaultDependencies", "b", "0"]]);
  assert.equal(read("KillSignal", "int32 -1"), [["KillSignal", "i", "-1"]]);
});

test("escapes in texts are GVariant's", () => {
  assert.equal(read("Description", String.raw`'a\tb\\c\'d\u00e9\U0001f600'`), [
    ["Description", "s", "a\tb\\c'd\u00e9\u{1f600}"],
  ]);
  for (const value of [String.raw`'\u00'`, String.raw`'\u0000'`, String.raw`'\ud800'`, "'a\0'"])
    assert.is(faultsOf("Description", value).length, 1, value);
});

test("a name in Sec takes seconds, with a fraction", () => {
  assert.equal(read("TimeoutStopSec", "uint64 5"), [["TimeoutStopUSec", "t", "5000000"]]);
  assert.equal(read("TimeoutStopSec", "1.25"), [["TimeoutStopUSec", "t", "1250000"]]);
  assert.equal(read("TimeoutStopSec", "double 0.0000019"), [["TimeoutStopUSec", "t", "1"]]);
});

test("a property that is not on the list is refused by its name", () => {
  for (const name of ["PIDs", "Delegate", "Slice", "ExecStart", "SuccessAction", "toString"]) {
    const [fault] = faultsOf(name, "'x'");
    assert.is(fault?.pointer, `/annotations/org.systemd.property.${name}`);
    assert.is(fault?.code, "unsupported");
  }
});

test("nothing that would start or stop other units is taken", () => {
  for (const name of [
    "Wants",
    "Requires",
    "BindsTo",
    "Upholds",
    "Conflicts",
    "RequiresMountsFor",
    "OnFailure",
  ])
    assert.is(faultsOf(name, "['poweroff.target']")[0]?.code, "unsupported", name);
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
    ["TimeoutStopSec", "-1"],
    ["TimeoutStopSec", "99999999999999"],
    ["TasksMax", "18446744073709551616"],
    ["ManagedOOMMemoryPressureLimit", "4294967296"],
    ["KillSignal", "4294967305"],
    ["KillSignal", "-2147483649"],
    ["MemoryHigh", "08"],
    ["MemoryHigh", "1.5"],
  ] as const) {
    const faults = faultsOf(name, value);
    assert.equal([faults.length, faults[0]?.code], [1, "format"], `${name} ${value}`);
    assert.is(faults[0]?.found, JSON.stringify(value));
  }
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
