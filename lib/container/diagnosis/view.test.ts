// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode } from "../../config/fixtures/host.ts";
import type { Config } from "../../config/types.ts";
import type { Sight } from "../../host.ts";
import { ELOOP, ENOENT, ENOTDIR, type Looker, View } from "./view.ts";

/** Folders end with "/", symlinks begin with ">". */
type Tree = Readonly<Record<string, string>>;

const looked: string[] = [];

function sight(kind: Sight["kind"], text = ""): Sight {
  return { kind, mode: 0o755, uid: 0, gid: 0, mountFlags: 0, fileSystem: 0, content: encode(text) };
}

/** A host that, as the real one, follows nothing. */
const lookerAt = (tree: Tree): Looker => ({
  decode: (bytes) => [...bytes].map((byte) => String.fromCharCode(byte)).join(""),
  look(root, path) {
    const whole = path === "" ? root : `${root === "/" ? "" : root}/${path}`;
    looked.push(whole);
    const text = tree[whole];
    if (text === undefined) {
      if (Object.keys(tree).some((name) => name.startsWith(`${whole}/`))) return sight("directory");
      throw Object.assign(new Error("look"), { errno: ENOENT });
    }
    return text.startsWith(">") ? sight("symlink", text.slice(1)) : sight("file", text);
  },
});

const config = (mounts: Config["mounts"] = []): Config => ({
  ociVersion: "1.3.0",
  root: { path: "r" },
  mounts,
});

test("an absolute symlink leads to the root of the container, not of the host", () => {
  const view = new View(
    lookerAt({ "/b/r/bin/sh": ">/busybox", "/b/r/busybox": "x", "/busybox": "host" }),
    "/b/r",
  );
  const found = view.walk("/bin/sh");
  assert.is(found.state, "found");
  assert.is(found.state === "found" && found.path, "/busybox");
});

test("no symlink leads out of the container, however many .. it has", () => {
  looked.length = 0;
  const view = new View(lookerAt({ "/b/r/x": ">../../../etc/shadow", "/etc/shadow": "secret" }), "/b/r");
  const found = view.walk("/x");
  assert.is(found.state, "missing");
  assert.ok(
    looked.every((path) => path.startsWith("/b/r")),
    looked.join(" "),
  );
});

test("what is missing is told by its first part, a dangling symlink by its name", () => {
  const view = new View(lookerAt({ "/r/a/b/c": "x", "/r/l": ">/gone/away", "/r/d": ">a" }), "/r");
  const stopped = (path: string) => {
    const { state, asked: _, folders: __, ...found } = view.walk(path);
    assert.is(state, "missing");
    return found;
  };
  assert.equal(stopped("/a/x/y"), { path: "/a/x", errno: ENOENT });
  assert.equal(stopped("/a/b/c/d"), { path: "/a/b/c", errno: ENOTDIR });
  assert.equal(stopped("/l"), { path: "/gone", errno: ENOENT, link: "/l" });
  assert.equal(stopped("/d/x"), { path: "/d/x", errno: ENOENT });
});

test("symlinks in a circle come to an end", () => {
  const found = new View(lookerAt({ "/r/a": ">b", "/r/b": ">a" }), "/r").walk("/a");
  assert.is(found.state === "missing" && found.errno, ELOOP);
});

test("a mount of the configuration lies over the rootfs: a bind is looked through, a new file system is not known", () => {
  const tree = { "/b/r/app/run": "image", "/vol/run": "volume" };
  const walk = (mounts: Config["mounts"], path: string) =>
    View.planned(lookerAt(tree), "/b/r", config(mounts), "/b").walk(path);
  const bind = { destination: "/app", source: "/vol", options: ["bind"] };
  const found = walk([bind], "/app/run");
  assert.is(found.mount, 0);
  assert.is(found.state === "found" && found.sight.content.length, "volume".length);
  assert.is(walk([{ destination: "/app", type: "tmpfs" }], "/app/run").state, "unknown");
  assert.is(walk([bind, { destination: "/app", type: "tmpfs" }], "/app/run").mount, 1);
  assert.is(
    walk([{ destination: "/made/later", source: "/vol", options: ["bind"] }], "/made/later/run").state,
    "found",
  );
});

test.run();
