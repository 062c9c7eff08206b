// SPDX-License-Identifier: Apache-2.0

// Little memory: a container of one MiB starts, always, and one that cannot says why.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, makeBundle } from "../native/bundle.ts";
import { cgroupMount, expectNoLeaks, ownCgroups, snapshot } from "../native/leaks.ts";
import { Runtime } from "../native/runtime.ts";
import { newId } from "../native/scratch.ts";

const before = snapshot();
const runtime = new Runtime();
const KiB = 1024;

/** Without swap, or with as much as there is. */
const limited =
  (bytes: number, swap: boolean): Change =>
  ({ linux }) => {
    Object.assign(linux, { resources: { memory: { limit: bytes, swap: swap ? -1 : bytes } } });
  };

/** How often of so many times the container runs to its end; four at a time, as it costs the least. */
function successes(change: Change, times: number): number {
  const call = `${runtime.host.command.join(" ")} --root ${runtime.root} run --bundle ${makeBundle(change)}`;
  const script = `seq ${times} | xargs -P 4 -I@ sh -c '${call} ${newId()}-@ && echo done' | grep -c done`;
  return Number(execFileSync("sh", ["-c", script], { encoding: "utf8", timeout: 300_000 }));
}

test("busybox true starts under a limit of 1 MiB a hundred times of a hundred", () => {
  assert.is(successes(limited(1024 * KiB, false), 50), 50);
  assert.is(successes(limited(1024 * KiB, true), 50), 50);
});

test("a limit that is too small is named as what ended it, and nothing stays", () => {
  for (const bytes of [96 * KiB, 4 * KiB]) {
    const id = newId();
    const err = runtime.fails("create", "--bundle", makeBundle(limited(bytes, false)), id);
    assert.match(err, new RegExp(`memory\\.max of ${bytes} bytes is too little`));
    assert.match(err, /out-of-memory killer|refused it memory/);
    assert.match(err, /config\.json \/linux\/resources\/memory\/limit/);
    const { err: story } = runtime.call([
      "--debug",
      "create",
      "--bundle",
      makeBundle(limited(bytes, false)),
      id,
    ]);
    assert.match(story, / {2}config .*: \/linux\/resources\/memory\/limit\n/);
    assert.match(story, / {2}try {5}raise linux\.resources\.memory\.limit/);
    assert.not(existsSync(`${cgroupMount}/runts-${id}`));
    assert.equal(readdirSync(runtime.root), []);
  }
  assert.equal(ownCgroups(), []);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
