// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { MemoryPolicy } from "../config/types.ts";
import { factsOf } from "./fixtures/facts.ts";
import { memoryPolicy } from "./memory-policy.ts";

const stepsOf = (policy?: MemoryPolicy) =>
  memoryPolicy(
    factsOf({
      ociVersion: "1.3.0",
      root: { path: "rootfs" },
      linux: { ...(policy && { memoryPolicy: policy }) },
    }),
  );

test("flags are bits of the mode, and nodes are numbers", () => {
  assert.equal(stepsOf({ mode: "MPOL_INTERLEAVE", nodes: "0-2,7,5-5", flags: ["MPOL_F_STATIC_NODES"] }), [
    { op: "setMemoryPolicy", from: "/linux/memoryPolicy", mode: 0x8003, nodes: [0, 1, 2, 7, 5] },
  ]);
});

test("no nodes and an empty list of nodes are the same", () => {
  const expected = [{ op: "setMemoryPolicy", from: "/linux/memoryPolicy", mode: 4, nodes: [] }];
  assert.equal(stepsOf({ mode: "MPOL_LOCAL" }), expected);
  assert.equal(stepsOf({ mode: "MPOL_LOCAL", nodes: "" }), expected);
});

test("without a policy there is no step", () => assert.equal(stepsOf(), []));

test.run();
