// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../host.ts";
import { faultsOf } from "../fixtures/edit.ts";

const devices = (value: Json) => faultsOf({ "/linux/netDevices": value });

test("devices keep their names or get others", () => {
  assert.equal(devices({}), []);
  assert.equal(
    devices({ eth0: {}, eth1: { name: "lan" }, eth2: { name: "x%d" }, eth3: { name: "x%d" } }),
    [],
  );
  assert.equal(devices({ a: { name: "b" }, b: { name: "a" } }), []);
});

test("names are what the kernel takes", () => {
  for (const name of ["sixteen-letters-", "a/b", "a b", "a:b", "..", ".", "a%s", "%dx", "ä".repeat(8)])
    assert.equal(devices({ eth0: { name } }), ["format /linux/netDevices/eth0/name"], name);
  assert.equal(devices({ "a/b": {} }), ["format /linux/netDevices/a~1b"]);
  assert.equal(devices({ "x%d": {} }), ["format /linux/netDevices/x%d"]);
  assert.equal(devices({ eth0: { name: "fifteen-letters" } }), []);
});

test("two devices cannot have one name, and lo is there already", () => {
  assert.equal(devices({ a: { name: "x" }, b: { name: "x" } }), ["conflict /linux/netDevices/b/name"]);
  assert.equal(devices({ a: {}, b: { name: "a" } }), ["conflict /linux/netDevices/b/name"]);
  assert.equal(devices({ a: { name: "lo" } }), ["conflict /linux/netDevices/a/name"]);
  assert.equal(devices({ lo: { name: "x" } }), ["conflict /linux/netDevices/lo"]);
});

test("they need a network namespace to go to", () => {
  const without = faultsOf({
    "/linux/netDevices": { eth0: {} },
    "/linux/namespaces": [{ type: "mount" }, { type: "pid" }, { type: "uts" }, { type: "ipc" }],
  });
  assert.ok(without.includes("conflict /linux/netDevices"), without.join());
});

test.run();
