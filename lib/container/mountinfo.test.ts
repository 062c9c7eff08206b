// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { findMount, findMountWith } from "./mountinfo.ts";

const findCgroupMount = (text: string) => findMount(text, "cgroup2", "/sys/fs/cgroup");

const line = (path: string, type: string) =>
  `31 23 0:28 / ${path} rw,relatime shared:9 - ${type} ${type} rw\n`;

test("the cgroup2 mount is found wherever it is, the usual place first", () => {
  assert.is(findCgroupMount(line("/proc", "proc")), undefined);
  assert.is(findCgroupMount(line("/sys/fs/cgroup/unified", "cgroup2")), "/sys/fs/cgroup/unified");
  const twice = line("/mnt", "cgroup2") + line("/sys/fs/cgroup", "cgroup2") + line("/opt", "cgroup2");
  assert.is(findCgroupMount(twice), "/sys/fs/cgroup");
  assert.is(findCgroupMount(line("/first", "cgroup2") + line("/second", "cgroup2")), "/first");
});

test("a cgroup v1 mount is none", () => {
  assert.is(findCgroupMount(line("/sys/fs/cgroup/cpu", "cgroup")), undefined);
});

test("blanks in its path are read as the kernel writes them", () => {
  assert.is(findCgroupMount(line("/a\\040b", "cgroup2")), "/a b");
});

test("a cgroup v1 hierarchy is found by its controllers", () => {
  const text = `${line("/sys", "sysfs")}40 32 0:33 / /c/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n`;
  assert.is(findMountWith(text, "cgroup", "cpuacct"), "/c/cpu,cpuacct");
  assert.is(findMountWith(text, "cgroup", "memory"), undefined);
  assert.is(findMountWith(text, "cgroup2", "cpu"), undefined);
});

test.run();
