// SPDX-License-Identifier: Apache-2.0

// AppArmor, where the kernel has it on: in the virtual machine, and on Debian.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, shell } from "../native/bundle.ts";
import { expectNoLeaks, snapshot } from "../native/leaks.ts";
import { Runtime } from "../native/runtime.ts";

const before = snapshot();
const runtime = new Runtime();
const enabled =
  existsSync("/sys/module/apparmor/parameters/enabled") &&
  readFileSync("/sys/module/apparmor/parameters/enabled", "utf8").startsWith("Y");

const name = "runts-test";
const profile = `profile ${name} flags=(attach_disconnected,mediate_deleted) {
  file,
  capability,
  deny /tmp/forbidden w,
}
`;

const confined: Change = ({ process, mounts }) => {
  process.apparmorProfile = name;
  mounts.push({ destination: "/tmp", type: "tmpfs", source: "tmpfs" });
};

function load(flag: "--replace" | "--remove"): void {
  execFileSync("apparmor_parser", ["--skip-cache", flag], { input: profile });
}

if (!enabled)
  test.skip("a container is confined by its profile # AppArmor is not on in this kernel", () => {});
else
  test("the program is confined by its profile, and only the program's own right to write is lost", () => {
    load("--replace");
    try {
      assert.is(runtime.inside("cat /proc/self/attr/current", confined), `${name} (enforce)`);
      const { status, err } = runtime.run(
        combine(shell("echo > /tmp/free && echo > /tmp/forbidden"), confined),
      );
      assert.is(status, 1);
      assert.match(err, /forbidden: Permission denied/);
    } finally {
      load("--remove");
    }
  });

test("a profile that is not loaded fails the start and names the field", () => {
  const err = runtime.refuses(confined);
  assert.match(err, /process\/apparmorProfile/);
});

test("nothing is left behind", () => {
  expectNoLeaks(before);
});

test.run();
