// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf, limitsConfig } from "../fixtures/edit.ts";

const range = (containerID: number, hostID: number, size: number) => ({ containerID, hostID, size });
const user = { type: "user" };
const root = [range(0, 1000, 1)];

test("mappings need a user namespace", () => {
  const mapped = { "/linux/uidMappings": root, "/linux/gidMappings": root };
  assert.equal(faultsOf(mapped), ["conflict /linux/uidMappings", "conflict /linux/gidMappings"]);
  assert.equal(faultsOf({ ...mapped, "/linux/namespaces/-": user }), []);
  assert.equal(faultsOf({ "/linux/uidMappings": [], "/linux/gidMappings": [] }), []);
});

test("a new user namespace needs mappings, a joined one has its own", () => {
  assert.equal(faultsOf({ "/linux/namespaces/-": user }), ["required /linux", "required /linux"]);
  const joined = { "/linux/namespaces/-": { type: "user", path: "/proc/1/ns/user" } };
  assert.equal(faultsOf(joined), []);
  assert.equal(faultsOf({ ...joined, "/linux/uidMappings": root, "/linux/gidMappings": root }), []);
});

test("ranges must not overlap on either side", () => {
  const overlapping = (uidMappings: ReturnType<typeof range>[]) =>
    faultsOf({ "/linux/namespaces/-": user, "/linux/uidMappings": uidMappings, "/linux/gidMappings": root });
  assert.equal(overlapping([range(0, 1000, 10), range(10, 1010, 10)]), []);
  assert.equal(overlapping([range(0, 1000, 10), range(9, 2000, 1)]), [
    "conflict /linux/uidMappings/1/containerID",
  ]);
  assert.equal(overlapping([range(0, 1000, 10), range(50, 1009, 5)]), [
    "conflict /linux/uidMappings/1/hostID",
  ]);
  assert.equal(overlapping([range(0, 1000, 1), range(7, 4294967290, 9)]), [
    "range /linux/uidMappings/1/size",
  ]);
});

test("the process's ids must be mapped", () => {
  assert.equal(faultsOf({}, limitsConfig), []);
  const outside = { "/process/user": { uid: 70000, gid: 65535, additionalGids: [5, 65536] } };
  assert.equal(faultsOf(outside, limitsConfig), [
    "conflict /process/user/uid",
    "conflict /process/user/additionalGids/1",
  ]);
});

test.run();
