// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { errno, fails, host, latin1, scratch } from "./host.ts";

test("a file is looked at with its beginning, no more than asked for", () => {
  const path = scratch("head");
  host.replaceFile(path, latin1("#!/bin/sh\necho\n"));
  const folder = path.slice(0, path.lastIndexOf("/"));
  const sight = host.look(folder, path.slice(folder.length + 1), 9);
  assert.is(sight.kind, "file");
  assert.is(sight.mode, 0o644);
  assert.is(host.decode(sight.content), "#!/bin/sh");
  assert.is(host.look(folder, "", 9).kind, "directory");
  assert.is(host.look(path, "", 0).content.length, 0);
});

test("a symlink is looked at, never followed: not at the end, not on the way, not by the kernel's own links", () => {
  const self = host.look("/proc", "self", 100);
  assert.is(self.kind, "symlink");
  assert.match(host.decode(self.content), /^\d+$/);
  fails(() => host.look("/proc", "self/exe", 100), "openat2", errno.ELOOP, "self/exe");
  const pid = host.decode(self.content);
  assert.is(host.look("/proc", `${pid}/exe`, 100).kind, "symlink");
  fails(() => host.look("/proc", `${pid}/root/etc`, 100), "openat2", errno.ELOOP, `${pid}/root/etc`);
});

test("a path leads out of the folder nowhere", () => {
  fails(() => host.look("/proc/sys", "../version", 100), "openat2", errno.EXDEV, "../version");
  fails(() => host.look("/proc/sys", "/proc/version", 100), "openat2", errno.EXDEV, "/proc/version");
});

test("of devices and folders nothing is read, and what is missing says so", () => {
  const device = host.look("/dev", "null", 100);
  assert.is(device.kind, "other");
  assert.is(device.content.length, 0);
  fails(() => host.look("/dev", "no-such-device", 100), "openat2", errno.ENOENT, "no-such-device");
  fails(() => host.look("/no/such", "x", 100), "open", errno.ENOENT, "/no/such");
});

test("the kernel is asked what it can, and says no by an errno", () => {
  assert.is(host.probe("openat2", "", 0), 0);
  assert.is(host.probe("pidfd", "", 0), 0);
  assert.is(host.probe("closeRange", "", 0), 0);
  assert.is(host.probe("seccompFlags", "", 1 << 30), errno.EINVAL);
  assert.not.equal(host.probe("fileSystem", "no-such-file-system", 0), 0);
});

test.run();
