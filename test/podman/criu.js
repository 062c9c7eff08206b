// SPDX-License-Identifier: Apache-2.0
// What checks of checkpoints need: criu(8), and programs that show that they went on.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Skip } from "./tap.js";

/** `add` for checks that need criu, which is asked whether it can work here, and whether it has `feature`. */
export function withCriu(add, ...feature) {
  return (name, body) =>
    add(name, async () => {
      const asked = ["check", ...feature.flatMap((one) => ["--feature", one])];
      const { status, error, stderr } = spawnSync("criu", asked, { encoding: "utf8" });
      if (status !== 0) throw new Skip(`criu check: ${error?.message ?? stderr.trim().split("\n")[0]}`);
      await body();
    });
}

/** Memory alone holds the number. */
export const counter = "i=0; while :; do i=$((i+1)); echo $i; sleep 0.3; done";

/** The counter's output, which `read` gives, goes on after its first `count` lines: each number once. Its length. */
export async function goesOn(read, count) {
  for (let tries = 0; tries < 100; tries++) {
    const numbers = (await read()).split("\n").slice(0, -1).map(Number);
    if (numbers.length > count + 2) {
      assert.deepEqual(
        numbers,
        numbers.map((_, i) => i + 1),
      );
      return numbers.length;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(`it does not go on after ${count}`);
}
