// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf, podmanConfig, warningsOf } from "../fixtures/edit.ts";

test("known capabilities are no matter", () => assert.equal(warningsOf({}, podmanConfig), []));

test("an unknown capability is warned about, not refused", () => {
  const unknown = { "/process/capabilities": { bounding: ["CAP_KILL", "CAP_NONE", "constructor"] } };
  assert.equal(faultsOf(unknown), []);
  assert.equal(warningsOf(unknown), [
    "enum /process/capabilities/bounding/1",
    "enum /process/capabilities/bounding/2",
  ]);
});

test("an effective capability must be permitted to be granted", () => {
  assert.equal(warningsOf({ "/process/capabilities": { effective: ["CAP_KILL"] } }), [
    "conflict /process/capabilities/effective/0",
  ]);
});

test("an ambient capability must be permitted and inheritable to be granted", () => {
  const kill = ["CAP_KILL"];
  const sets = (others: { [name: string]: string[] }) =>
    warningsOf({ "/process/capabilities": { ambient: kill, ...others } });
  assert.equal(sets({ permitted: kill, inheritable: kill }), []);
  assert.equal(sets({ permitted: kill }), ["conflict /process/capabilities/ambient/0"]);
  assert.equal(sets({ inheritable: kill }), ["conflict /process/capabilities/ambient/0"]);
});

test.run();
