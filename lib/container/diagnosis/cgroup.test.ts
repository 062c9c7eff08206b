// SPDX-License-Identifier: Apache-2.0

// What failed is as Linux 6.1 and 6.18 failed it.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { explainCgroup, explainCgroupFile } from "./cgroup.ts";

const file = (errno: number, detail: string, pointer = "/linux/resources") =>
  explainCgroupFile({ errno, detail, pointer });

test("a value that the kernel refuses is named, with what it takes where that is not plain", () => {
  assert.is(file(22, "cgroup.max.depth: deep")?.why, 'cgroup.max.depth does not take "deep"');
  assert.is(
    file(22, "cpu.max: 999")?.why,
    'cpu.max does not take "999", but a quota of 1000 microseconds at least, in a period from 1000 to 1000000',
  );
  assert.is(
    file(34, "cpuset.cpus: 0-7")?.why,
    'cpuset.cpus does not take "0-7", but numbers of /sys/devices/system/cpu/possible',
  );
});

test("a device that is not there is named without its limits", () => {
  const disk = file(19, "io.max: 99:0 rbps=5");
  assert.is(disk?.why, "there is no device 99:0");
  assert.match(disk?.remedies.join() ?? "", /lsblk/);
  const card = file(19, "rdma.max: mlx5_0 hca_handle=1");
  assert.is(card?.why, "there is no device mlx5_0");
  assert.match(card?.remedies.join() ?? "", /rdma link/);
});

test("a size of huge pages that the kernel does not have is no misspelt file", () => {
  const pointer = "/linux/resources/hugepageLimits/0";
  assert.is(file(2, "hugetlb.3MB.max", pointer)?.why, "this kernel has no huge pages of that size");
  assert.match(file(2, "memory.no_such")?.why ?? "", /does not have a file memory\.no_such/);
});

test("a cgroup that is frozen and one that has processes are told apart", () => {
  const cgroup = (errno: number, detail: string) =>
    explainCgroup({ errno, detail, op: "makeCgroup" })?.why ?? "";
  assert.match(cgroup(16, "/a is frozen: cgroup / above it is"), /stand still/);
  assert.match(cgroup(16, "/a has processes already"), /the cgroup \/a is there and has processes/);
  assert.match(cgroup(95, "/a is threaded"), /threads of processes/);
});

test.run();
