// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { inspectText } from "./fixtures/inspected.ts";
import { findingsJson } from "./json.ts";
import { ruleTitles } from "./rule-titles.ts";
import { findingsSarif } from "./sarif.ts";

const broken = inspectText('{ "ociVersion": "1.3.0",\n  "root": { "path": 7, "readOnly": true } }');

test("as JSON a finding has all that is known of it", () => {
  const { findings, ...head } = JSON.parse(findingsJson(broken, "b/config.json"));
  assert.equal(head, { file: "b/config.json", kind: "config", valid: false, errors: 1, warnings: 1 });
  assert.equal(findings[0], {
    severity: "error",
    rule: "type",
    pointer: "/root/path",
    message: "of the wrong type: 7",
    found: "7",
    allowed: "a path to a directory",
    spec: "config.md#root",
    mend: 'put it in quotes: "7"',
    line: 2,
    column: 21,
    endLine: 2,
    endColumn: 22,
    specUrl: "https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#root",
  });
  assert.is(
    JSON.parse(findingsJson(inspectText('{"ociVersion":"1.9.0","root":{"path":"r"}}'), "")).valid,
    true,
  );
});

test("as SARIF each finding is a result of a rule, at a region of the file", () => {
  const log = JSON.parse(findingsSarif(broken, "a b/config.json", "0.1.0"));
  assert.is(log.version, "2.1.0");
  const [run] = log.runs;
  assert.is(run.columnKind, "utf16CodeUnits");
  assert.equal(
    run.tool.driver.rules.map(({ id }: { id: string }) => id),
    ["misspelt-name", "type"],
  );
  for (const { ruleId, ruleIndex } of run.results) assert.is(run.tool.driver.rules[ruleIndex].id, ruleId);
  const [result] = run.results;
  assert.is(result.level, "error");
  assert.match(result.message.text, /^of the wrong type: 7\nallowed: a path/);
  assert.equal(result.locations, [
    {
      physicalLocation: {
        artifactLocation: { uri: "a%20b/config.json" },
        region: { startLine: 2, startColumn: 21, endLine: 2, endColumn: 22 },
      },
      logicalLocations: [{ fullyQualifiedName: "/root/path", kind: "value" }],
    },
  ]);
});

test("an absolute path is a file URI, and what has no findings has no results", () => {
  const located = JSON.parse(findingsSarif(broken, "/b/config.json", "1")).runs[0].results[0].locations[0];
  assert.is(located.physicalLocation.artifactLocation.uri, "file:///b/config.json");
  const right = inspectText('{"ociVersion":"1.3.0","root":{"path":"r"}}');
  assert.equal(JSON.parse(findingsSarif(right, "x", "1")).runs[0].results, []);
});

test("what SARIF wants to be one or more is", () => {
  for (const { line, column, endColumn } of [...broken.findings, ...inspectText("").findings])
    assert.ok((line ?? 0) >= 1 && (column ?? 0) >= 1 && (endColumn ?? 0) > (column ?? 0));
});

test("every rule has a title", () => {
  for (const { rule } of broken.findings) assert.ok(ruleTitles[rule], rule);
});

test.run();
