// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseMountOptions } from "./mount-options.ts";

test("attributes add up, and a later option undoes an earlier one", () => {
  assert.is(parseMountOptions(["nosuid", "nodev", "noexec", "ro"]).set, 0xf);
  const { set, clear } = parseMountOptions(["ro", "rw"]);
  assert.equal([set, clear], [0, 1]);
});

test("a mode of access times is set with all of its bits cleared", () => {
  assert.is(parseMountOptions(["noatime"]).clear, 0x70);
  assert.is(parseMountOptions(["strictatime"]).set, 0x20);
  assert.is(parseMountOptions(["relatime"]).clear, 0x70);
});

test("recursive forms go to the whole tree", () => {
  const options = parseMountOptions(["rbind", "rro"]);
  assert.ok(options.bind && options.recursive);
  assert.equal([options.set, options.setRecursive], [0, 1]);
});

test("what is not known is data for the file system, in its order", () => {
  assert.equal(parseMountOptions(["mode=755", "nosuid", "size=64k"]).data, ["mode=755", "size=64k"]);
});

test("each propagation is a call of its own", () => {
  assert.equal(parseMountOptions(["rprivate", "shared"]).propagation, [0x44000, 0x100000]);
});

test("what mount(8) keeps to itself does not reach the file system", () => {
  assert.equal(parseMountOptions(["defaults", "noauto", "nofail", "_netdev"]).data, []);
});

test.run();
