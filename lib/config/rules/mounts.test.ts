// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../host.ts";
import { faultsOf } from "../fixtures/edit.ts";

const mount = (fields: { [name: string]: Json }) =>
  faultsOf({ "/mounts": [{ destination: "/x", ...fields }] });

test("a mount is a bind mount by its options, whatever its type", () => {
  assert.equal(mount({ source: "/y", options: ["bind"] }), []);
  assert.equal(mount({ source: "/y", options: ["rbind", "ro"], type: "none" }), []);
  assert.equal(mount({ source: "/y", options: ["rbind"], type: "bind" }), []);
});

test("type bind without the option is refused", () => {
  assert.equal(mount({ source: "/y", type: "bind" }), ["conflict /mounts/0/type"]);
});

test("a bind mount needs a source", () => {
  assert.equal(mount({ options: ["bind"] }), ["required /mounts/0"]);
  assert.equal(mount({ options: ["bind"], source: "" }), ["required /mounts/0"]);
});

test("a new mount needs a type", () => {
  assert.equal(mount({ type: "tmpfs", source: "tmpfs" }), []);
  assert.equal(mount({ type: "tmpfs" }), []);
  assert.equal(mount({ source: "tmpfs" }), ["required /mounts/0"]);
});

test("a remount or a change of propagation needs neither", () => {
  assert.equal(mount({ options: ["remount", "ro"] }), []);
  assert.equal(mount({ options: ["bind", "remount", "ro"] }), []);
  assert.equal(mount({ options: ["rprivate"] }), []);
});

test.run();
