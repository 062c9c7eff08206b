// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf, limitsConfig } from "../fixtures/edit.ts";

const device = (path: string) => ({ type: "c", path, major: 1, minor: 3 });
const devices = (...paths: string[]) => faultsOf({ "/linux/devices": paths.map(device) });

test("devices may be anywhere", () => {
  assert.equal(devices("/dev/a", "/dev/b/c", "/opt/d"), []);
  assert.equal(faultsOf({}, limitsConfig), []);
});

test("a path given twice is a fault at the second", () => {
  assert.equal(devices("/dev/a", "/dev/b", "/dev/a"), ["conflict /linux/devices/2/path"]);
});

test("a path with empty, . or .. parts is refused", () => {
  for (const path of ["/", "/dev/", "/dev//a", "/dev/./a", "/dev/../a", "/.."])
    assert.equal(devices(path), ["format /linux/devices/0/path"], path);
});

test.run();
