// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Linux, Mount } from "../config/types.ts";
import { cgroupOwner } from "./cgroup-owner.ts";

const mount: Mount = { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["nosuid"] };
const mappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];

function ownerOf(uid: number, mounts: readonly Mount[], linux: Linux): number | undefined {
  const process = { cwd: "/", args: ["sh"], user: { uid, gid: 0 } };
  return cgroupOwner({ ociVersion: "1.3.0", root: { path: "/" }, process, mounts, linux });
}

const inside = { namespaces: [{ type: "cgroup" as const }] };
const mapped = {
  namespaces: [{ type: "cgroup" as const }, { type: "user" as const }],
  uidMappings: mappings,
};

test("the program's user, as the host knows it", () => {
  assert.is(ownerOf(0, [mount], mapped), 100_000);
  assert.is(ownerOf(7, [mount], mapped), 100_007);
  assert.is(ownerOf(7, [mount], inside), 7);
});

test("nobody where it is root's already, or the user has no name outside", () => {
  assert.is(ownerOf(0, [mount], inside), undefined);
  assert.is(ownerOf(70_000, [mount], mapped), undefined);
});

test("nobody without a cgroup namespace or a writable mount of the tree", () => {
  assert.is(ownerOf(7, [mount], {}), undefined);
  assert.is(ownerOf(7, [], inside), undefined);
  assert.is(ownerOf(7, [{ ...mount, options: ["ro"] }], inside), undefined);
  assert.is(ownerOf(7, [{ ...mount, options: ["ro", "rw"] }], inside), 7);
  assert.is(ownerOf(7, [{ ...mount, source: "elsewhere" }], inside), undefined);
});

test.run();
