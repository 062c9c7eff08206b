// SPDX-License-Identifier: Apache-2.0

// Whatever a document holds, something is told of it, and nothing breaks on it.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { copy, edited, podmanConfig } from "../config/fixtures/edit.ts";
import type { Json } from "../host.ts";
import { escapeToken } from "../json.ts";
import type { BundleFiles } from "./advice/bundle.ts";
import { inspectText } from "./fixtures/inspected.ts";
import { findingsText } from "./text.ts";

const strange: readonly Json[] = [
  null,
  true,
  -1,
  1.5,
  "",
  "constructor",
  "__proto__",
  [],
  {},
  [null],
  [[]],
  { "": {} },
];

/** One place of each shape: lists are alike inside. */
function places(value: Json, pointer = ""): string[] {
  if (Array.isArray(value))
    return [pointer, ...value.slice(0, 1).flatMap((item, i) => places(item, `${pointer}/${i}`))];
  if (typeof value !== "object" || value === null) return [pointer];
  return [
    pointer,
    ...Object.entries(value).flatMap(([name, item]) => places(item, `${pointer}/${escapeToken(name)}`)),
  ];
}

const files: BundleFiles = { kind: () => "missing", readLink: () => "" };
const bundle = { path: "/b", files };

test("each place of a config with something strange in it", () => {
  for (const [i, pointer] of places(podmanConfig).entries()) {
    // a third of them, not always the same kind of place
    if (pointer === "" || i % 3 !== 0) continue;
    const value = copy(strange[i % strange.length] ?? null);
    const text = JSON.stringify(edited({ [pointer]: value }, podmanConfig), null, 1);
    const inspection = inspectText(text, { bundle });
    assert.match(findingsText(inspection, "config.json", { colour: false }), /valid/, pointer);
    for (const { line, mend, message } of inspection.findings)
      assert.ok(line !== undefined && mend !== "" && !/undefined|\[object/.test(mend + message), pointer);
  }
});

test("documents that are no objects, and names that objects have of themselves", () => {
  const texts = [
    "null",
    "[]",
    "1",
    '"x"',
    '{"__proto__":{}}',
    '{"constructor":1,"root":{"path":"r","toString":1}}',
  ];
  for (const text of [
    ...texts,
    '{"linux":{"namespaces":{"type":"pid"}}}',
    '{"mounts":[[[]]]}',
    "{",
    '{"a":',
    "\ufeff{}",
  ])
    for (const kind of ["config", "state", "features"] as const)
      assert.ok(inspectText(text, { kind, bundle }).findings.length > 0, `${kind} ${text}`);
});

test.run();
