// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { passing, sample } from "./sample.ts";
import { fileName, writeReports } from "./write.ts";

const test = suite("write", { folder: "" });
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "report-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

test("a run is written in all forms, into a folder that is made", ({ folder }) => {
  const inner = join(folder, "a/b");
  const { written, leftOut } = writeReports(inner, sample);
  const names = ["crun.json", "crun.tap", "crun.xml", "crun.txt", "index.html"];
  assert.equal(
    written,
    names.map((name) => join(inner, name)),
  );
  assert.equal(leftOut, []);
  assert.equal(readdirSync(inner).sort(), names.toSorted());
  assert.equal(JSON.parse(readFileSync(join(inner, "crun.json"), "utf8")), sample);
  assert.match(readFileSync(join(inner, "crun.txt"), "utf8"), /^crun: crun version 1\.8\.1, on Linux/);
});

test("the page compares all runs in the folder, the one just written among them", ({ folder }) => {
  const title = () => readFileSync(join(folder, "index.html"), "utf8").match(/<h1>(.*)<\/h1>/)?.[1];
  writeReports(folder, passing("runts", "0.1"));
  assert.is(title(), "runts");
  writeReports(folder, sample);
  assert.is(title(), "crun, runts");
  writeReports(folder, passing("crun", "2.0"));
  assert.is(title(), "crun, runts");
});

test("what is not a run is named and left alone", ({ folder }) => {
  const others = {
    "broken.json": "{",
    "lost.json": JSON.stringify({ ...sample, clauses: [] }),
    "other.json": '{"name":"x"}',
    "wrong.json": JSON.stringify({ ...sample, results: [{ name: "x", clauses: [], outcome: "good" }] }),
  };
  for (const [name, text] of Object.entries(others)) writeFileSync(join(folder, name), text);
  const { leftOut } = writeReports(folder, sample);
  assert.equal(leftOut, [
    "broken.json: not JSON",
    "lost.json: its case mounts/order/two is for no clause of its catalogue",
    'other.json: not a run of the suite (format: Invalid key: Expected "format" but received undefined)',
    'wrong.json: not a run of the suite (results.0.outcome: Invalid type: Expected ("pass" | "fail" | "skip") but received "good")',
  ]);
  assert.match(readFileSync(join(folder, "index.html"), "utf8"), "Not compared: broken.json: not JSON");
  for (const [name, text] of Object.entries(others)) {
    assert.is(readFileSync(join(folder, name), "utf8"), text);
  }
});

test("a runtime's name cannot lead out of the folder", () => {
  assert.is(fileName("crun-1.27.1"), "crun-1.27.1");
  assert.is(fileName("../../etc/passwd"), "etc-passwd");
  assert.is(fileName("--report"), "report");
  assert.is(fileName("node runts.js"), "node-runts.js");
  assert.is(fileName("/"), "runtime");
});

test.run();
