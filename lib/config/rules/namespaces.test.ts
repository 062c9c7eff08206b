// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../host.ts";
import { faultsOf } from "../fixtures/edit.ts";

const bare: { [pointer: string]: Json | undefined } = {
  "/hostname": undefined,
  "/mounts": undefined,
  "/root": { path: "rootfs" },
  "/linux": { namespaces: [] },
};

test("every type of namespace may be new or joined", () => {
  for (const type of ["pid", "network", "mount", "ipc", "uts", "cgroup", "time"]) {
    assert.equal(faultsOf({ ...bare, "/linux": { namespaces: [{ type }] } }), [], type);
    assert.equal(faultsOf({ ...bare, "/linux": { namespaces: [{ type, path: "/proc/1/ns/x" }] } }), [], type);
  }
});

test("a namespace type given twice is a fault at the second", () => {
  assert.equal(faultsOf({ "/linux/namespaces/-": { type: "pid" } }), ["conflict /linux/namespaces/6/type"]);
});

test("a host name and a domain name need a uts namespace, new or joined", () => {
  const named = { ...bare, "/hostname": "a", "/domainname": "b" };
  assert.equal(faultsOf(named), ["conflict /hostname", "conflict /domainname"]);
  assert.equal(faultsOf({ ...named, "/linux": { namespaces: [{ type: "uts" }] } }), []);
  assert.equal(faultsOf({ ...named, "/linux": { namespaces: [{ type: "uts", path: "/x" }] } }), []);
});

test("empty names need nothing", () => {
  assert.equal(faultsOf({ ...bare, "/hostname": "", "/domainname": "" }), []);
});

test("names longer than 64 bytes are refused although they have fewer characters", () => {
  assert.equal(faultsOf({ "/hostname": "é".repeat(32) }), []);
  assert.equal(faultsOf({ "/hostname": "é".repeat(33) }), ["range /hostname"]);
});

test("whatever changes mounts needs a mount namespace", () => {
  const changes = {
    ...bare,
    "/mounts": [{ destination: "/proc", type: "proc" }],
    "/root": { path: "rootfs", readonly: true },
    "/linux": { maskedPaths: ["/proc/kcore"], readonlyPaths: ["/proc/sys"], rootfsPropagation: "slave" },
  };
  assert.equal(faultsOf(changes), [
    "conflict /mounts",
    "conflict /root/readonly",
    "conflict /linux/maskedPaths",
    "conflict /linux/readonlyPaths",
    "conflict /linux/rootfsPropagation",
  ]);
  assert.equal(faultsOf({ ...changes, "/linux/namespaces": [{ type: "mount" }] }), []);
});

test("time offsets need a new time namespace", () => {
  const offsets = { "/linux/timeOffsets": { monotonic: { secs: -5 }, boottime: { secs: 7, nanosecs: 1 } } };
  assert.equal(faultsOf(offsets), ["conflict /linux/timeOffsets"]);
  assert.equal(faultsOf({ ...offsets, "/linux/namespaces/-": { type: "time" } }), []);
  assert.equal(faultsOf({ ...offsets, "/linux/namespaces/-": { type: "time", path: "/proc/1/ns/time" } }), [
    "conflict /linux/timeOffsets",
  ]);
  assert.equal(faultsOf({ "/linux/timeOffsets": {} }), []);
});

test.run();
