// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Edits } from "../../config/fixtures/edit.ts";
import type { FileKind } from "../../host.ts";
import { brief, findingsOf } from "../fixtures/inspected.ts";
import type { BundleFiles } from "./bundle.ts";
import { kindInRootfs } from "./rootfs-path.ts";

/** "/x" is a file, "/x/" a directory, "/x -> y" a symlink. */
function filesOf(...list: string[]): BundleFiles {
  const found = new Map<string, { kind: FileKind; target: string }>();
  for (const entry of list) {
    const [path = "", target] = entry.split(" -> ");
    const kind = target !== undefined ? "symlink" : path.endsWith("/") ? "directory" : "file";
    found.set(path.replace(/\/$/, ""), { kind, target: target ?? "" });
  }
  return {
    kind: (path) => found.get(path)?.kind ?? "missing",
    readLink: (path) => found.get(path)?.target ?? "",
  };
}

const advise = (files: BundleFiles, edits: Edits = {}) =>
  brief(findingsOf(edits, undefined, { bundle: { path: "/b", files } }));

const rootfs = ["/b/rootfs/", "/b/rootfs/bin/", "/b/rootfs/bin/sh"];

test("a bundle that has everything is left alone", () => {
  assert.equal(advise(filesOf(...rootfs)), []);
});

test("a root file system that is missing, or is none, is told, and nothing about what would be in it", () => {
  assert.equal(advise(filesOf()), ["rootfs-missing /root/path"]);
  assert.equal(advise(filesOf("/b/rootfs")), ["rootfs-missing /root/path"]);
});

test("the program is looked for as the container would look for it", () => {
  assert.equal(advise(filesOf("/b/rootfs/")), ["program-missing /process/args/0"]);
  const links = filesOf(
    "/b/rootfs/",
    "/b/rootfs/bin -> usr/bin",
    "/b/rootfs/usr/",
    "/b/rootfs/usr/bin/",
    "/b/rootfs/usr/bin/sh -> /usr/bin/dash",
    "/b/rootfs/usr/bin/dash",
  );
  assert.equal(advise(links), []);
  assert.equal(advise(links, { "/process/args/0": "/bin/sh" }), []);
  assert.equal(advise(links, { "/process/args/0": "/bin/bash" }), ["program-missing /process/args/0"]);
  assert.equal(advise(filesOf(...rootfs), { "/process/args/0": "/bin" }), [
    "program-missing /process/args/0",
  ]);
  assert.equal(advise(filesOf(...rootfs), { "/process/args/0": "./sh", "/process/cwd": "/bin" }), []);
});

test("a program that a mount brings is not missed", () => {
  const mount = { destination: "/init", source: "/host/init", options: ["bind"] };
  const files = filesOf(...rootfs, "/host/init");
  assert.equal(advise(files, { "/mounts/-": mount, "/process/args/0": "/init" }), []);
});

test("sources, hooks and namespaces that this host does not have are told", () => {
  const edits: Edits = {
    "/mounts/-": { destination: "/d", source: "data", options: ["rbind"] },
    "/hooks": {
      createRuntime: [{ path: "/bin/hook" }],
      startContainer: [{ path: "/bin/sh" }, { path: "/hook" }],
    },
    "/linux/namespaces/1/path": "/run/netns/x",
  };
  assert.equal(advise(filesOf(...rootfs), edits).sort(), [
    "hook-missing /hooks/createRuntime/0/path",
    "hook-missing /hooks/startContainer/1/path",
    "namespace-missing /linux/namespaces/1/path",
    "source-missing /mounts/7/source",
  ]);
  const all = filesOf(...rootfs, "/b/data/", "/bin/hook", "/b/rootfs/hook", "/run/netns/x");
  assert.equal(advise(all, edits), []);
});

test("a symlink never leads out of the root file system, and a circle of them to nothing", () => {
  const files = filesOf("/r/", "/r/up -> ../../../etc", "/r/etc/", "/r/a -> b", "/r/b -> a");
  const kind = (path: string) => kindInRootfs(files, "/r", path, () => false);
  assert.is(kind("/up"), "directory");
  assert.is(kind("/a"), "missing");
  assert.is(kind("/../.."), "directory");
});

test("what may not be looked at is taken to be there", () => {
  const refusing: BundleFiles = {
    kind(path) {
      throw { syscall: "lstat", errno: 13, path };
    },
    readLink: (path) => path,
  };
  assert.equal(advise(refusing), []);
});

test.run();
