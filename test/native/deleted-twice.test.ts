// SPDX-License-Identifier: Apache-2.0

// Two who delete a container at the same time, as an engine and its clean-up do.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeBundle, shell } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newId } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();

test("of several forced deletes at a time none fails, however they meet", async () => {
  const bundle = makeBundle(shell("sleep 1000"));
  for (let round = 0; round < 150; round++) {
    const id = newId();
    runtime.ok("create", "--bundle", bundle, id);
    const calls = Array.from({ length: 8 }, () => runtime.launch(["delete", "--force", id]).ended);
    for (const { status, err } of await Promise.all(calls))
      assert.equal({ status, err }, { status: 0, err: "" });
  }
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
