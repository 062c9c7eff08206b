// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode, memoryHost } from "../config/fixtures/host.ts";
import type { Config, Process } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import { wording } from "../wording.ts";
import { apparmorConfined, checkLabels } from "./security-modules.ts";

const enabled = "/sys/module/apparmor/parameters/enabled";
const current = "/proc/self/attr/apparmor/current";
const hostOf = (files: Readonly<Record<string, string>>) =>
  memoryHost(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, encode(text)])));

const configOf = (process: Partial<Process>): Config => ({
  ociVersion: "1.3.0",
  root: { path: "rootfs" },
  process: { cwd: "/", args: ["sh"], ...process },
});

function refusal(files: Readonly<Record<string, string>>, process: Partial<Process>): string {
  try {
    checkLabels(hostOf(files), configOf(process));
  } catch (error) {
    assert.instance(error, RuntsError);
    return wording(error);
  }
  return "";
}

test("a profile is refused where AppArmor is not on, whether it is built in or not", () => {
  const words =
    'AppArmor is not enabled on this host: "p" has nobody to enforce it (config.json /process/apparmorProfile)';
  assert.is(refusal({}, { apparmorProfile: "p" }), words);
  assert.is(refusal({ [enabled]: "N\n" }, { apparmorProfile: "p" }), words);
  assert.is(refusal({ [enabled]: "Y\n" }, { apparmorProfile: "p" }), "");
});

test("an SELinux label is refused where SELinux is not on", () => {
  assert.match(refusal({ [enabled]: "Y\n" }, { selinuxLabel: "l" }), /SELinux .*\/process\/selinuxLabel/);
  assert.is(refusal({ "/sys/fs/selinux/enforce": "0" }, { selinuxLabel: "l" }), "");
});

test("empty labels are none, and nothing is read for them", () => {
  assert.is(refusal({}, { apparmorProfile: "", selinuxLabel: "" }), "");
  assert.is(apparmorConfined(hostOf({ [current]: "p (enforce)\n" }), configOf({})), false);
});

test("we are confined by anything but unconfined, which a profile's name may begin with", () => {
  const confined = (text: string) =>
    apparmorConfined(hostOf({ [current]: text }), configOf({ apparmorProfile: "p" }));
  assert.is(confined("unconfined\n"), false);
  assert.is(confined("unconfined"), false);
  assert.is(confined("unconfined_t (enforce)\n"), true);
  assert.is(confined("docker-default (enforce)\n"), true);
  assert.is(apparmorConfined(hostOf({}), configOf({ apparmorProfile: "p" })), false);
});

test.run();
