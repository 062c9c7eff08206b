// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { errno, fails, host, latin1, scratch } from "./host.ts";

const text = (path: string, limit = 1000) => host.decode(host.readFile(path, limit));

test("a file is read whole when it is as long as the limit, and refused when longer", () => {
  const path = scratch("limit");
  host.replaceFile(path, latin1("0123456789"));
  assert.is(text(path, 10), "0123456789");
  fails(() => host.readFile(path, 9), "read", errno.E2BIG, path);
});

test("an empty file is no bytes, with a limit of none, too", () => {
  const path = scratch("empty");
  host.replaceFile(path, new Uint8Array(0));
  assert.is(host.readFile(path, 0).length, 0);
});

test("a file of procfs, which has no size, is read whole", () => {
  assert.ok(text("/proc/self/mountinfo", 1 << 24).endsWith("\n"));
});

test("a large file is read whole", () => {
  const path = scratch("large");
  const bytes = new Uint8Array(300001).fill(65);
  host.replaceFile(path, bytes);
  assert.is(host.readFile(path, 1 << 20).length, 300001);
});

test("reading what is no file says why", () => {
  fails(() => host.readFile("/does/not/exist", 10), "open", errno.ENOENT, "/does/not/exist");
  fails(() => host.readFile("/proc", 10), "read", errno.EISDIR, "/proc");
});

test("a failure names the end of a long path", () => {
  const path = `/${"x".repeat(300)}/end`;
  fails(() => host.kind(path), "lstat", 36, `...${path.slice(-252)}`);
});

test("a path with NUL or half a surrogate pair never reaches the kernel", () => {
  fails(() => host.readFile("/etc/passwd\0.json", 10), "encode", errno.EILSEQ);
  fails(() => host.kind("/tmp/\ud800"), "encode", errno.EILSEQ);
});

test("a replaced file has the new contents, and nothing is left beside it", () => {
  const path = scratch("replaced");
  host.replaceFile(path, latin1("a longer first text"));
  host.replaceFile(path, latin1("second"));
  assert.is(text(path), "second");
  const name = path.slice(path.lastIndexOf("/") + 1);
  const beside = host.list("build/test").filter((other) => other.startsWith(name));
  assert.equal(beside, [name]);
});

test("a replacement that fails leaves nothing behind", () => {
  const before = host.list("build/test");
  fails(() => host.replaceFile("build/test", latin1("x")), "rename", errno.EISDIR, "build/test");
  assert.equal(host.list("build/test"), before);
});

test("appending makes the file and keeps what is there", () => {
  const path = scratch("appended");
  host.replaceFile(path, latin1("one\n"));
  host.append(path, "zwei é\n");
  assert.is(text(path), "one\nzwei é\n");
});

test("writing to a descriptor that is closed fails", () => {
  fails(() => host.write(987654, "x"), "write", errno.EBADF, "987654");
});

test("kinds are told apart, and symlinks not followed", () => {
  assert.is(host.kind("package.json"), "file");
  assert.is(host.kind("/proc"), "directory");
  assert.is(host.kind("/proc/self"), "symlink");
  assert.is(host.kind("/dev/null"), "other");
  assert.is(host.kind("/does/not/exist"), "missing");
  assert.is(host.kind("package.json/below"), "missing");
});

test("a folder is listed in order, without . and ..", () => {
  const names = host.list(".");
  assert.ok(names.includes("package.json") && names.includes("lib"));
  assert.not(names.includes(".") || names.includes(".."));
  assert.equal(names, [...names].sort());
  fails(() => host.list("/does/not/exist"), "open", errno.ENOENT, "/does/not/exist");
  fails(() => host.list("package.json"), "open", errno.ENOTDIR, "package.json");
});

test("the real path is absolute, without symlinks and dots", () => {
  const cwd = host.realPath(".");
  assert.is(cwd, host.realPath(host.cwd()));
  assert.is(host.realPath("./lib/../package.json"), `${cwd}/package.json`);
  fails(() => host.realPath("/does/not/exist"), "realpath", errno.ENOENT, "/does/not/exist");
  assert.is(host.readLink("/proc/self/cwd"), host.realPath("."));
  fails(() => host.readLink("/does/not/exist"), "readlink", errno.ENOENT, "/does/not/exist");
});

test("a symlink is read as it is, also one of procfs that leads nowhere", () => {
  assert.match(host.readLink("/proc/self/ns/pid"), /^pid:\[\d+\]$/);
  assert.is(host.readLink("/proc/self/cwd"), host.cwd());
  fails(() => host.readLink("package.json"), "readlink", errno.EINVAL, "package.json");
});

test("what may be written to is known", () => {
  assert.ok(host.writable("build/test"));
  assert.not(host.writable("/does/not/exist"));
});

test("the environment is read, and what it lacks is undefined", () => {
  assert.type(host.env("PATH"), "string");
  assert.is(host.env("RUNTS_NO_SUCH_VARIABLE"), undefined);
});

test("time does not go backwards", () => {
  const start = host.now();
  assert.ok(start > 0 && host.now() >= start);
});

test("the host says what it is", () => {
  assert.ok(["quickjs", "node"].includes(host.name));
  assert.match(host.version.engine, /^\d+\.\d+/);
  assert.match(host.version.seccomp, /^\d+\.\d+\.\d+$/);
  assert.ok(host.architecture.length > 0 && host.uid >= 0 && host.gid >= 0);
  assert.not(host.isTerminal(987654));
});

/** A new folder of ours, by its absolute path. */
function newFolder(name: string): string {
  const folder = `${host.cwd()}/${scratch(name)}-${host.now()}`;
  host.newFile(folder, "first", "");
  return folder;
}

test("a new file is its owner's alone, and so is the folder that is made for it", () => {
  const folder = newFolder("new");
  host.newFile(folder, "second", "for me");
  assert.is(host.look(folder, "", 0).mode, 0o700);
  assert.is(host.look(folder, "second", 0).mode, 0o600);
  assert.is(text(`${folder}/second`), "for me");
});

test("a new file never takes the place of anything, not even of a symlink", () => {
  const folder = newFolder("taken");
  host.newFile(folder, "a", "mine");
  fails(() => host.newFile(folder, "a", "yours"), "openat", errno.EEXIST, "a");
  assert.is(text(`${folder}/a`), "mine");
  fails(() => host.newFile(folder, "b/c", ""), "openat", errno.EINVAL, "b/c");
  fails(() => host.newFile(`${folder}/no/such`, "a", ""), "openat2", errno.ENOENT, `${folder}/no/such`);
  fails(() => host.newFile(`${folder}/a`, "a", ""), "openat2", errno.ENOTDIR, `${folder}/a`);
});

test("a new file is in no folder that a symlink leads to", () => {
  fails(() => host.newFile("/proc/self/cwd", "a", ""), "openat2", errno.ELOOP, "/proc/self/cwd");
  const way = "/proc/self/cwd/build/test";
  fails(() => host.newFile(way, "a", ""), "openat2", errno.ELOOP, way);
  fails(() => host.newFile(`${way}/missing`, "a", ""), "openat2", errno.ELOOP, `${way}/missing`);
});

test.run();
