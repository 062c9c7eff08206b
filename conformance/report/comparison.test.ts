// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunResult } from "../suite/result.ts";
import { compare } from "./comparison.ts";
import { passing, sample } from "./sample.ts";

const labels = (runs: readonly RunResult[]) => compare(runs).columns.map(({ label }) => label);

test("columns are told apart by name, by version, and by number", () => {
  assert.equal(labels([passing("runc", "1"), sample]), ["crun", "runc"]);
  assert.equal(labels([sample, passing("crun", "crun version 1.27.1")]), ["crun 1.27.1", "crun 1.8.1"]);
  assert.equal(labels([sample, passing("crun", "crun version 1.8.1")]), ["crun 1.8.1 #1", "crun 1.8.1 #2"]);
});

test("a clause has the cases that are for it and those that judge it besides", () => {
  const [mounts, hooks] = compare([sample]).chapters;
  assert.ok(mounts && hooks);
  assert.equal(
    mounts.clauses.map(({ clause, cases, others }) => [
      clause.id,
      cases.map(({ name }) => name),
      others.map(({ name }) => name),
    ]),
    [
      ["mounts.order", ["mounts/order/two"], ["mounts/data/size"]],
      ["mounts.data", ["mounts/data/size"], []],
      ["mounts.hidden", [], []],
    ],
  );
  assert.equal(
    hooks.cases.map(({ name }) => name),
    ["hooks/prestart/fails", "hooks/prestart/limits"],
  );
});

test("runtimes differ where the outcomes of a clause or of one of its cases do", () => {
  const differing = (runs: readonly RunResult[]) =>
    compare(runs)
      .chapters.flatMap(({ clauses }) => clauses)
      .filter(({ differs }) => differs)
      .map(({ clause }) => clause.id);
  assert.equal(differing([sample, passing("runc", "1")]), ["mounts.order", "mounts.data", "hooks.prestart"]);
  assert.equal(differing([sample, { ...sample, started: "2026-01-01T00:00:00Z" }]), []);
  // what one of them did not run, it does not do otherwise
  assert.equal(differing([sample, { ...sample, results: [] }]), []);
  // both fail the clause, each by another case
  const turned = sample.results.map((result) => ({
    ...result,
    outcome: result.name === "mounts/order/two" ? ("fail" as const) : ("pass" as const),
  }));
  assert.equal(differing([sample, { ...sample, results: turned }]).includes("mounts.order"), true);
});

test("the newest catalogue goes; what only an older one has stands in its chapter", () => {
  const old = passing("runc", "1");
  const [first, ...rest] = sample.clauses;
  assert.ok(first);
  const { clauses, chapters } = compare([
    { ...old, clauses: old.clauses.map((clause) => ({ ...clause, text: "old" })) },
    { ...sample, clauses: rest },
  ]);
  assert.equal(
    clauses.map(({ id, text }) => [id, text]),
    [
      ["mounts.data", "The demand of mounts.data."],
      ["mounts.hidden", "The demand of mounts.hidden."],
      ["mounts.order", "old"],
      ["hooks.prestart", "The demand of hooks.prestart."],
      ["hooks.warn", "The demand of hooks.warn."],
    ],
  );
  assert.equal(
    chapters.map(({ title }) => title),
    ["Mounts", "Hooks"],
  );
});

test("a case that only one of them ran has an empty cell", () => {
  const { cases } = compare([{ ...passing("runc", "1"), results: [] }, sample]);
  assert.equal(
    cases.map(({ name, results }) => [name, results.map((result) => result?.outcome ?? "nothing")]),
    [
      ["mounts/order/two", ["pass", "nothing"]],
      ["mounts/data/size", ["fail", "nothing"]],
      ["hooks/prestart/fails", ["fail", "nothing"]],
      ["hooks/prestart/limits", ["skip", "nothing"]],
    ],
  );
});

test.run();
