// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Device, Linux } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import { attachDeviceNodes, makeDeviceNodes } from "./device-nodes.ts";
import { deviceSteps } from "./devices.ts";
import type { Facts } from "./facts.ts";
import { factsOf } from "./fixtures/facts.ts";

const mappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
const inUserNamespace = {
  namespaces: [{ type: "user" as const }],
  uidMappings: mappings,
  gidMappings: mappings,
};

function facts(linux: Linux, more: Partial<Facts> = {}): Facts {
  return factsOf({ ociVersion: "1.3.0", root: { path: "/" }, linux }, more);
}

const fuse: Device = { type: "c", path: "/dev/fuse", major: 10, minor: 229, fileMode: 0o640, uid: 3, gid: 4 };
const fifo: Device = { type: "p", path: "/dev/fifo" };

test("for a user namespace the runtime makes the listed nodes, with the host's ids", () => {
  const found = facts({ ...inUserNamespace, devices: [fifo, fuse] });
  assert.equal(makeDeviceNodes(found), [
    { op: "openDeviceTree", from: "/linux/devices", slot: 127 },
    {
      op: "makeDevice",
      from: "/linux/devices/1",
      slot: 127,
      name: "1",
      type: 0o020000,
      major: 10,
      minor: 229,
      mode: 0o640,
      uid: 100_003,
      gid: 100_004,
    },
  ]);
  assert.equal(
    attachDeviceNodes(found).map(({ op }) => op),
    ["mountDevices", "attachDevice", "unmountDevices"],
  );
  assert.ok(deviceSteps(found).some((step) => step.op === "mknod" && step.path === "/dev/fifo"));
});

test("elsewhere, and without devices, it makes none", () => {
  assert.equal(makeDeviceNodes(facts({ devices: [fuse] })), []);
  assert.equal(makeDeviceNodes(facts(inUserNamespace)), []);
  assert.equal(makeDeviceNodes(facts({ ...inUserNamespace, devices: [fuse] }, { privileged: false })), []);
  const joined = { namespaces: [{ type: "user" as const, path: "/proc/1/ns/user" }], devices: [fuse] };
  assert.equal(makeDeviceNodes(facts(joined)), []);
});

test("an owner that the mappings do not cover is refused", () => {
  const devices = [{ ...fuse, gid: 70_000 }];
  assert.throws(
    () => makeDeviceNodes(facts({ ...inUserNamespace, devices })),
    (error: unknown) =>
      error instanceof RuntsError && error.facts.faults?.[0]?.pointer === "/linux/devices/0/gid",
  );
});

test.run();
