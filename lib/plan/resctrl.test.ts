// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { createPlan } from "./create.ts";
import { factsOf } from "./fixtures/facts.ts";
import { type ResctrlGroup, removeResctrl, resctrlRemains } from "./resctrl.ts";

const group: ResctrlGroup = {
  mount: "/sys/fs/resctrl",
  group: "c",
  makes: true,
  lines: ["L3:0=f", "MB:0=20"],
  monitor: "c/mon_groups/c",
  keeps: false,
};

const config = { ociVersion: "1.3.0", root: { path: "/" } };

test("made before init, joined by init before anything else runs", () => {
  const { runtime } = createPlan(factsOf(config, { resctrl: group }));
  const ops = runtime.map(({ op }) => op);
  const at = ops.indexOf("cloneInit");
  assert.equal(
    ops.slice(0, at).filter((op) => op.endsWith("Resctrl")),
    ["makeResctrl", "writeResctrl", "writeResctrl", "makeResctrl"],
  );
  assert.equal(ops.slice(at + 1, at + 3), ["joinResctrl", "joinResctrl"]);
});

test("without intelRdt no step touches it", () => {
  const { runtime } = createPlan(factsOf(config));
  assert.not.ok(runtime.some(({ op }) => op.endsWith("Resctrl")));
});

test("what delete removes, and what a failed create does", () => {
  const paths = (found: ResctrlGroup, failed: boolean) =>
    removeResctrl(resctrlRemains(found), failed).map((step) =>
      step.op === "removeResctrl" ? step.path : "",
    );
  assert.equal(paths(group, false), ["c/mon_groups/c", "c"]);
  assert.equal(paths({ ...group, keeps: true }, false), ["c/mon_groups/c"]);
  assert.equal(paths({ ...group, keeps: true }, true), ["c/mon_groups/c", "c"]);
  assert.equal(paths({ ...group, keeps: true, makes: false }, true), ["c/mon_groups/c"]);
  assert.equal(removeResctrl(undefined, true), []);
});

test.run();
