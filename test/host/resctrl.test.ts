// SPDX-License-Identifier: Apache-2.0

// The steps for the resctrl file system, on folders that look like it: no machine at hand has one.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode } from "../../lib/plan/encode.ts";
import type { Step } from "../../lib/plan/step.ts";
import { host, scratch } from "./host.ts";

const execute = (...runtime: readonly Step[]) => host.execute(encode({ runtime, stage: [], init: [] }));

const from = "/linux/intelRdt";
const mount = scratch(`resctrl-${host.now()}`);
const [, folder = "", top = ""] = /^(.*)\/([^/]+)$/.exec(mount) ?? [];

const make = (path: string, below = mount): Step => ({ op: "makeResctrl", from, mount: below, path });
const remove = (path: string, below = mount): Step => ({ op: "removeResctrl", from, mount: below, path });

test("groups are made and removed, and lines written whole", () => {
  assert.is(execute(make(top, folder), make("gold"), make("gold/mon_groups")).syscall, "");
  host.replaceFile(`${mount}/gold/schemata`, new Uint8Array());
  const value = "L3:0=f;1=7";
  assert.is(execute({ op: "writeResctrl", from, mount, path: "gold", value }).syscall, "");
  assert.is(host.decode(host.readFile(`${mount}/gold/schemata`, 100)), "L3:0=f;1=7\n");
  assert.is(execute(make("gold/mon_groups/c")).syscall, "");
  assert.is(execute(make("gold/mon_groups/c")).errno, 17); // EEXIST
  assert.is(execute(remove("gold/mon_groups/c"), remove("gold/mon_groups/c")).syscall, "");
  assert.is(host.kind(`${mount}/gold/mon_groups/c`), "missing");
  assert.is(execute(remove("not/there")).syscall, "");
});

test("no name leads out of the mount", () => {
  assert.is(execute(make("../outside")).syscall, "openat2");
  assert.is(execute(remove("../outside/c")).syscall, "openat2");
  const gone = execute(make("other"), remove("other"), remove("gold/mon_groups"));
  assert.is(gone.syscall, "");
});

test.run();
