// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { absolutePath } from "./path.ts";

test("a relative path begins at the base, an absolute one at the root", () => {
  assert.is(absolutePath("/bundle", "rootfs"), "/bundle/rootfs");
  assert.is(absolutePath("/bundle", "/rootfs"), "/rootfs");
});

test("empty, single and double dot parts are resolved, never above the root", () => {
  assert.is(absolutePath("/a", "./b//c/../d/"), "/a/b/d");
  assert.is(absolutePath("/", "/../../x"), "/x");
  assert.is(absolutePath("/", "/.."), "/");
  assert.is(absolutePath("/", "/a/."), "/a");
  assert.is(absolutePath("/a/b", ""), "/a/b");
});

test("names that only begin with a dot stay", () => {
  assert.is(absolutePath("/", "/a/.b/..c"), "/a/.b/..c");
});

test.run();
