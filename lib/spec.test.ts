// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { accept } from "./config/validate.ts";
import type { Json } from "./host.ts";
import { exampleConfig } from "./spec.ts";

const read = (owner?: { uid: number; gid: number }): Json => JSON.parse(JSON.stringify(exampleConfig(owner)));

test("the example passes every check, with and without root", () => {
  for (const config of [read(), read({ uid: 1000, gid: 100 })]) {
    const accepted = accept(config, JSON.stringify(config));
    assert.ok(accepted);
    assert.equal(accepted.warnings, []);
  }
});

test("without root it maps the caller, keeps the host's network, and asks for nothing only root may do", () => {
  const { linux, mounts = [] } = exampleConfig({ uid: 1000, gid: 100 });
  assert.equal(linux?.uidMappings, [{ containerID: 0, hostID: 1000, size: 1 }]);
  assert.equal(linux?.gidMappings, [{ containerID: 0, hostID: 100, size: 1 }]);
  assert.equal((linux?.namespaces ?? []).map(({ type }) => type).sort(), [
    "cgroup",
    "ipc",
    "mount",
    "pid",
    "user",
    "uts",
  ]);
  assert.is(linux?.resources, undefined);
  assert.not.ok(mounts.some(({ options = [] }) => options.includes("gid=5")));
  assert.ok(mounts.find(({ destination }) => destination === "/sys")?.options?.includes("rbind"));
});

test.run();
