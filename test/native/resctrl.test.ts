// SPDX-License-Identifier: Apache-2.0

// intelRdt, where the kernel has no resctrl: refused by name, nothing is made. test/host/resctrl.test.ts executes the
// steps that write; what only a processor with RDT can show the conformance suite looks at there.

import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";

const before = snapshot();
const runtime = new Runtime();

const hasResctrl = readFileSync("/proc/self/mountinfo", "utf8").includes(" - resctrl ");

test("without a resctrl file system the field is refused by name, and nothing is left", () => {
  if (hasResctrl) return;
  const { status, err } = runtime.run((config) => {
    config.linux.intelRdt = { closID: "gold", schemata: ["L3:0=f"] };
  });
  assert.is(status, 1);
  assert.match(err, /no resctrl file system is mounted on this host.*\/linux\/intelRdt/);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
