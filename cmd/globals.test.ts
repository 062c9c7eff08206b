// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode } from "../lib/config/fixtures/host.ts";
import { standardError } from "../lib/log.ts";
import { type Circumstances, recordingHost } from "./fixtures/host.ts";
import { parse } from "./flags.ts";
import { globalFlags, makeRuntime } from "./globals.ts";

function runtime(circumstances: Circumstances, args: readonly string[] = []) {
  const { host } = recordingHost(args, circumstances);
  return makeRuntime(host, parse(globalFlags, args, true), standardError(host), undefined);
}

const whole = { "/proc/self/uid_map": encode("         0          0 4294967295\n") };
const mapped = { "/proc/self/uid_map": encode("         0       1000          1\n") };
const XDG_RUNTIME_DIR = "/run/user/7";

test("root keeps state in /run/runts, whatever a login session put into the environment", () => {
  assert.is(runtime({ files: whole }).root, "/run/runts");
  assert.is(runtime({ files: whole, env: { XDG_RUNTIME_DIR } }).root, "/run/runts");
});

test("a user, and root of a user's namespace, keep it in $XDG_RUNTIME_DIR", () => {
  assert.is(runtime({ uid: 7, env: { XDG_RUNTIME_DIR } }).root, "/run/user/7/runts");
  assert.is(runtime({ files: mapped, env: { XDG_RUNTIME_DIR } }).root, "/run/user/7/runts");
  assert.is(runtime({ files: mapped, env: { XDG_RUNTIME_DIR, USER: "root" } }).root, "/run/runts");
  assert.is(runtime({ uid: 7 }).root, "/run/runts");
});

test("--root is taken from the current folder", () => {
  assert.is(runtime({}, ["--root", "state/../other"]).root, "/there/other");
});

test("--rootless auto means a user, or root of a user namespace", () => {
  assert.is(runtime({ files: whole }).rootless, false);
  assert.is(runtime({ files: mapped }).rootless, true);
  assert.is(runtime({ uid: 7 }).rootless, true);
  assert.is(runtime({ uid: 7 }, ["--rootless=false"]).rootless, false);
});

test("the older flag for systemd's cgroups yields to the one that names the manager", () => {
  assert.is(runtime({}).cgroupManager, "cgroupfs");
  assert.is(runtime({}, ["--systemd-cgroup"]).cgroupManager, "systemd");
  assert.is(runtime({}, ["--cgroup-manager", "systemd"]).cgroupManager, "systemd");
  assert.is(runtime({}, ["--systemd-cgroup", "--cgroup-manager=disabled"]).cgroupManager, "disabled");
});

test.run();
