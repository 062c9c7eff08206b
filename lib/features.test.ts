// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFeatures } from "./config/generated/guards.js";
import { features } from "./features.ts";

test("the features are of the form that the spec gives", () => {
  assert.ok(isFeatures(JSON.parse(JSON.stringify(features("2.5.4")))));
});

test("containerd finds recursive read-only mounts and id-mapped mounts", () => {
  const { mountOptions, linux } = features("2.5.4");
  assert.ok(mountOptions?.includes("rro"));
  assert.ok(mountOptions?.includes("ridmap"));
  assert.is(linux?.mountExtensions?.idmap?.enabled, true);
  assert.ok(linux?.namespaces?.includes("user"));
});

test("every capability of the kernel is there", () => {
  assert.is(features("2.5.4").linux?.capabilities?.length, 41);
});

test("memory policies and annotations are told from the tables that they are executed by", () => {
  const { linux, potentiallyUnsafeConfigAnnotations } = features("2.5.4");
  assert.is(linux?.memoryPolicy?.modes?.length, 7);
  assert.equal(linux?.memoryPolicy?.flags, [
    "MPOL_F_NUMA_BALANCING",
    "MPOL_F_RELATIVE_NODES",
    "MPOL_F_STATIC_NODES",
  ]);
  assert.equal(potentiallyUnsafeConfigAnnotations, [
    "org.systemd.property.",
    "run.oci.keep_original_groups",
    "run.oci.mount_context_type",
    "run.oci.seccomp.receiver",
    "run.oci.seccomp_fail_unknown_syscall",
  ]);
  assert.is(linux?.selinux?.enabled, true);
});

test.run();
