// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../host.ts";
import { faultsOf, limitsConfig } from "../fixtures/edit.ts";

const resources = (fields: { [name: string]: Json }) => faultsOf({ "/linux/resources": fields });
const memory = (fields: { [name: string]: Json }) => resources({ memory: fields });

test("limits as engines set them pass", () => {
  assert.equal(faultsOf({}, limitsConfig), []);
  assert.equal(resources({ memory: {}, cpu: { shares: 0 }, pids: { limit: 0 }, blockIO: { weight: 0 } }), []);
});

test("swap includes memory, so it is at least the memory limit", () => {
  assert.equal(memory({ limit: 100, swap: 100 }), []);
  assert.equal(memory({ limit: 9223372036854775807n, swap: 9223372036854775807n }), []);
  assert.equal(memory({ limit: 100, swap: 99 }), ["range /linux/resources/memory/swap"]);
});

test("swap needs a memory limit unless it is unlimited or not set", () => {
  assert.equal(memory({ swap: 100 }), ["conflict /linux/resources/memory/swap"]);
  for (const fields of [
    { swap: -1 },
    { swap: 0 },
    { limit: 100, swap: -1 },
    { limit: -1, swap: 5 },
    { limit: -1 },
  ])
    assert.equal(memory(fields), []);
});

test("burst is at most a positive quota", () => {
  assert.equal(resources({ cpu: { quota: 100, burst: 100 } }), []);
  assert.equal(resources({ cpu: { quota: -1, burst: 100 } }), []);
  assert.equal(resources({ cpu: { burst: 100 } }), []);
  assert.equal(resources({ cpu: { quota: 100, burst: 101 } }), ["range /linux/resources/cpu/burst"]);
});

test("a unified key names one file", () => {
  assert.equal(resources({ unified: { "memory.high": "1", "hugetlb.2MB.max": "0", "my.file": "" } }), []);
  for (const [name, token] of [
    ["a/b", "a~1b"],
    [".", "."],
    ["..", ".."],
    ["../x", "..~1x"],
    ["memory", "memory"],
    ["constructor", "constructor"],
    [".hidden", ".hidden"],
    ["memory.high ", "memory.high "],
    ["memory.high\n", "memory.high\n"],
  ] as const)
    assert.equal(resources({ unified: { [name]: "1" } }), [`format /linux/resources/unified/${token}`], name);
});

test("a key of rdma names one device, without settings beside it", () => {
  assert.equal(resources({ rdma: { mlx5_0: { hcaHandles: 1 } } }), []);
  for (const name of ["", "a b", "a hca_object=5", "a\nb"])
    assert.equal(resources({ rdma: { [name]: { hcaHandles: 1 } } }), [
      `format /linux/resources/rdma/${name}`,
    ]);
});

test("a container is not to be frozen before it exists", () => {
  assert.equal(resources({ unified: { "cgroup.freeze": "0" } }), []);
  // the kernel reads a number
  for (const value of ["1\n", "1", "01", "0x1", "+1", "0\n1", ""])
    assert.equal(resources({ unified: { "cgroup.freeze": value } }), [
      "conflict /linux/resources/unified/cgroup.freeze",
    ]);
});

test("no limit takes processes of the host into the container, or ends its own", () => {
  for (const name of ["cgroup.procs", "cgroup.threads", "cgroup.kill", "cgroup.type"])
    assert.equal(resources({ unified: { [name]: "1" } }), [`unsupported /linux/resources/unified/${name}`]);
  assert.equal(resources({ unified: { "cgroup.max.depth": "1", "cgroup.subtree_control": "" } }), []);
});

test("the root of all cgroups is nobody's", () => {
  for (const path of ["/", "//", "/./", "."])
    assert.equal(faultsOf({ "/linux/cgroupsPath": path }), ["format /linux/cgroupsPath"], path);
});

test("a cgroups path does not climb", () => {
  for (const path of ["", "/a/b", "./a", "a//b", "a..b", "system.slice:runts:id", "/a/..."])
    assert.equal(faultsOf({ "/linux/cgroupsPath": path }), [], path);
  for (const path of ["..", "/a/../b", "../a", "x.slice:..:id", "/a\nb"])
    assert.equal(faultsOf({ "/linux/cgroupsPath": path }), ["format /linux/cgroupsPath"], path);
});

test.run();
