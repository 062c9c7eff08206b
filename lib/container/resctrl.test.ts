// SPDX-License-Identifier: Apache-2.0

// No machine at hand has resctrl: the files are as the kernel's documentation shows them.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode, memoryHost } from "../config/fixtures/host.ts";
import type { IntelRdt } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import { placeResctrl } from "./resctrl.ts";

const mountinfo = "31 23 0:28 / /sys/fs/resctrl rw,relatime - resctrl resctrl rw\n";
const schemata = "    MB:0= 70;1=100\n    L3:0=7ff;1=00f\n";

function place(intelRdt: IntelRdt, files: Readonly<Record<string, string>> = {}, mounts = mountinfo) {
  const all = { "/proc/self/mountinfo": mounts, ...files };
  const bytes = Object.fromEntries(Object.entries(all).map(([path, text]) => [path, encode(text)]));
  const host = memoryHost(bytes);
  const folders = new Set(Object.keys(files).map((path) => path.slice(0, path.lastIndexOf("/"))));
  const kind = (path: string) => (folders.has(path) ? "directory" : host.kind(path));
  const config = { ociVersion: "1.3.0", root: { path: "/" }, linux: { intelRdt } };
  return placeResctrl({ ...host, kind }, config, "c");
}

const refusal = (...args: Parameters<typeof place>): string => {
  try {
    place(...args);
  } catch (error) {
    if (error instanceof RuntsError) return error.facts.pointer ?? "";
    throw error;
  }
  return "not refused";
};

const inClass = { "/sys/fs/resctrl/gold/schemata": schemata };

test("without a mount there is nothing to be had", () => {
  assert.is(refusal({}, {}, ""), "/linux/intelRdt");
});

test("a class with the container's name is made, and goes with it", () => {
  assert.equal(place({ l3CacheSchema: "L3:0=f", memBwSchema: "MB:0=20", schemata: ["L2:0=1"] }), {
    mount: "/sys/fs/resctrl",
    group: "c",
    makes: true,
    lines: ["L3:0=f", "MB:0=20", "L2:0=1"],
    monitor: undefined,
    keeps: false,
  });
  assert.is(refusal({}, { "/sys/fs/resctrl/c/schemata": schemata }), "/linux/intelRdt");
});

test("a class with a name of its own is made with its lines only, and stays", () => {
  const made = place({ closID: "gold", schemata: ["L3:0=f"] });
  assert.equal([made?.group, made?.makes, made?.keeps], ["gold", true, true]);
  assert.is(refusal({ closID: "gold" }), "/linux/intelRdt/closID");
});

test("a class that is there must have the values that the config says", () => {
  assert.equal(place({ closID: "gold" }, inClass)?.lines, []);
  const same = { closID: "gold", l3CacheSchema: "L3:0=7FF;1=f", memBwSchema: "MB:0=70" };
  const found = place(same, inClass);
  assert.equal([found?.makes, found?.lines], [false, []]);
  assert.is(refusal({ closID: "gold", l3CacheSchema: "L3:0=7f" }, inClass), "/linux/intelRdt/l3CacheSchema");
  assert.is(refusal({ closID: "gold", memBwSchema: "MB:2=70" }, inClass), "/linux/intelRdt/memBwSchema");
});

test("the default class is the root, monitoring groups are below the class", () => {
  const root = { "/sys/fs/resctrl/schemata": schemata };
  const found = place({ closID: "/", enableMonitoring: true }, root);
  assert.equal([found?.group, found?.makes, found?.monitor], ["", false, "mon_groups/c"]);
  assert.is(place({ enableMonitoring: true })?.monitor, "c/mon_groups/c");
});

test.run();
