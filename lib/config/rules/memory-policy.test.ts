// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf } from "../fixtures/edit.ts";

const at = "/linux/memoryPolicy";
const found = (mode: string, nodes?: string, ...flags: readonly string[]) =>
  faultsOf({
    [at]: {
      mode: `MPOL_${mode}`,
      ...(nodes !== undefined && { nodes }),
      flags: flags.map((name) => `MPOL_F_${name}`),
    },
  });

test("some modes take no nodes, others at least one, and one either", () => {
  for (const mode of ["DEFAULT", "LOCAL"]) {
    assert.equal(found(mode), []);
    assert.equal(found(mode, ""), []);
    assert.equal(found(mode, "0"), [`conflict ${at}/nodes`]);
  }
  for (const mode of ["BIND", "INTERLEAVE", "WEIGHTED_INTERLEAVE", "PREFERRED_MANY"]) {
    assert.equal(found(mode, "0-1,3"), []);
    assert.equal(found(mode), [`required ${at}`]);
    assert.equal(found(mode, ""), [`conflict ${at}/nodes`]);
  }
  for (const nodes of [undefined, "", "0"]) assert.equal(found("PREFERRED", nodes), []);
});

test("nodes are those that a kernel can have, in ranges that rise", () => {
  assert.equal(found("BIND", "1023"), []);
  assert.equal(found("BIND", "0,1024"), [`range ${at}/nodes`]);
  assert.equal(found("BIND", "0-99999999999999999999"), [`range ${at}/nodes`]);
  assert.equal(found("BIND", "1,3-2"), [`format ${at}/nodes`]);
});

test("a flag goes with the other flags and with the mode", () => {
  for (const flag of ["STATIC_NODES", "RELATIVE_NODES", "NUMA_BALANCING"])
    assert.equal(found("BIND", "0", flag), []);
  assert.equal(found("BIND", "0", "STATIC_NODES", "NUMA_BALANCING"), []);
  assert.equal(found("BIND", "0", "RELATIVE_NODES", "STATIC_NODES"), [`conflict ${at}/flags/0`]);
  assert.equal(found("PREFERRED_MANY", "0", "NUMA_BALANCING"), []);
  assert.equal(found("INTERLEAVE", "0", "NUMA_BALANCING"), [`conflict ${at}/flags/0`]);
  assert.equal(found("LOCAL", "", "STATIC_NODES"), [`conflict ${at}/flags/0`]);
  assert.equal(found("PREFERRED", "", "RELATIVE_NODES"), [`conflict ${at}/flags/0`]);
  assert.equal(found("PREFERRED", "0", "RELATIVE_NODES"), []);
});

test.run();
