// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../host.ts";
import { faultsOf } from "../fixtures/edit.ts";

const ids = [{ containerID: 0, hostID: 1000, size: 10 }];
const mapped = { uidMappings: ids, gidMappings: ids };

const mount = (fields: { [name: string]: Json }, more: { [pointer: string]: Json } = {}) =>
  faultsOf({ "/mounts": [{ destination: "/x", source: "/y", ...fields }], ...more });

test("mappings need no option, and an option finds the mount's mappings", () => {
  for (const option of ["ro", "idmap", "ridmap"])
    assert.equal(mount({ options: ["rbind", option], ...mapped }), [], option);
});

test("an option without a mapping is for the container's user namespace", () => {
  for (const option of ["idmap", "ridmap"])
    assert.equal(mount({ options: ["bind", option] }), ["conflict /mounts/0/options/1"], option);
  const user = { "/linux/namespaces/-": { type: "user", path: "/proc/1/ns/user" } };
  assert.equal(mount({ options: ["bind", "idmap"] }, user), []);
});

test("crun's form brings its own mapping", () => {
  assert.equal(mount({ options: ["bind", "idmap=uids=0-1-10#20-21-10;gids=0-1-10"] }), []);
  assert.equal(mount({ options: ["bind", "ridmap=uids=@0-1-10"] }), []);
  assert.equal(mount({ options: ["bind", "idmap=uids=0-1"] }), ["format /mounts/0/options/1"]);
});

test("only bind mounts are mapped, empty mappings are none", () => {
  assert.equal(mount({ type: "tmpfs", ...mapped }), ["unsupported /mounts/0/uidMappings"]);
  assert.equal(mount({ type: "tmpfs", options: ["ro", "idmap"], ...mapped }), [
    "unsupported /mounts/0/options/1",
  ]);
  assert.equal(mount({ type: "tmpfs", uidMappings: [], gidMappings: [] }), []);
});

test("ranges must not overlap", () => {
  const uidMappings = [...ids, { containerID: 5, hostID: 2000, size: 10 }];
  assert.equal(mount({ options: ["bind"], uidMappings, gidMappings: ids }), [
    "conflict /mounts/0/uidMappings/1/containerID",
  ]);
});

test.run();
