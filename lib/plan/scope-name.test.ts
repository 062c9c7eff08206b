// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { RuntsError } from "../errors.ts";
import { nameScope } from "./scope-name.ts";

const named = (asked?: string) => Object.values(nameScope(asked, "c", "system.slice"));

function refused(asked: string): string {
  try {
    return `taken: ${named(asked)}`;
  } catch (error) {
    return error instanceof RuntsError ? `${error.facts.pointer}: ${error.facts.detail}` : String(error);
  }
}

test("slice, prefix and name make the unit and its place", () => {
  assert.equal(named("machine.slice:libpod:abc"), ["machine.slice", "libpod-abc.scope", "/machine.slice"]);
  assert.equal(named("a-b-c.slice:p:n"), ["a-b-c.slice", "p-n.scope", "/a.slice/a-b.slice/a-b-c.slice"]);
});

test("the root of all slices is the manager's own cgroup", () => {
  assert.equal(named("-.slice:p:n"), ["-.slice", "p-n.scope", ""]);
});

test("what is not given is the usual", () => {
  assert.equal(named(), ["system.slice", "runts-c.scope", "/system.slice"]);
  assert.equal(named(""), ["system.slice", "runts-c.scope", "/system.slice"]);
  assert.equal(named(":p:n"), ["system.slice", "p-n.scope", "/system.slice"]);
});

test("without a prefix the hyphen stays, as runc and crun have it", () => {
  assert.equal(named("x.slice::n"), ["x.slice", "-n.scope", "/x.slice"]);
});

test("a name is a scope's whatever it ends in", () => {
  assert.is(named("x.slice:p:n.slice")[1], "p-n.slice.scope");
  assert.is(named("x.slice:p:n.scope")[1], "p-n.scope.scope");
});

test("what is no three parts, or has no name, is refused", () => {
  for (const path of ["a", "a:b", "a.slice:b:c:d", "x.slice:p:", "::", "/a/b"])
    assert.match(refused(path), /cgroupsPath: expected "slice:prefix:name"/, path);
});

test("hostile slices and names are refused", () => {
  for (const slice of [
    ...["../x.slice", "a/b.slice", ".slice", "-a.slice", "a-.slice", "a--b.slice", "a b.slice", "-"],
    ...["x.service", "x", "x.slice\n", "%n.slice", "\u00e9.slice", `${"a".repeat(250)}.slice`],
  ])
    assert.match(refused(`${slice}:p:n`), /is no name of a slice/, slice);
  for (const name of ["../n", "a/b", "a b", "n%n", "n\n", "\0", "\u00e9", "n".repeat(250)])
    assert.match(refused(`x.slice:p:${name}`), /is no name of a unit/, name);
});

test.run();
