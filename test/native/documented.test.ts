// SPDX-License-Identifier: Apache-2.0

// What docs/debugging.md says is printed, is printed.

import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { expectNoLeaks, snapshot } from "./leaks.ts";

const before = snapshot();

test("a reader who types the five failures sees what stands there", () => {
  const { status, stdout, stderr } = spawnSync("node", ["scripts/documented.js", "docs/debugging.md"], {
    encoding: "utf8",
  });
  assert.equal({ status, stderr }, { status: 0, stderr: "" }, stdout);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
