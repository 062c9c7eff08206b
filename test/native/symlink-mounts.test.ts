// SPDX-License-Identifier: Apache-2.0

// crun's options for symlinks at either end of a bind mount (crun(1)), as Podman gives them: copy-symlink,
// src-nofollow, dest-nofollow; and its form of idmap.

import { chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, ownRootfs } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";

const before = snapshot();
const runtime = new Runtime();

const bind =
  (source: string, destination: string, ...options: string[]): Change =>
  ({ mounts }) => {
    mounts.push({ destination, type: "bind", source, options: ["rbind", ...options] });
  };

/** A folder with a file and a symlink to it. */
function linked(target = "file"): string {
  const folder = newFolder({ file: "of the host\n" });
  symlinkSync(target, `${folder}/link`);
  return folder;
}

const withImage =
  (change: (rootfs: string) => void): Change =>
  (config, bundle) => {
    config.root.path = ownRootfs(bundle);
    change(config.root.path);
  };

test("copy-symlink makes the same symlink in the container", () => {
  const folder = linked("/somewhere/else");
  const copy = bind(`${folder}/link`, "/a/b/copy", "copy-symlink");
  assert.is(
    runtime.inside(
      "readlink /a/b/copy",
      copy,
      withImage(() => {}),
    ),
    "/somewhere/else",
  );
});

test("copy-symlink of a symlink that is there with the same content is no error, with another it is", () => {
  const copy = bind(`${linked("same")}/link`, "/copy", "copy-symlink");
  const present = (target: string) => withImage((rootfs) => symlinkSync(target, `${rootfs}/copy`));
  assert.is(runtime.inside("readlink /copy", copy, present("same")), "same");
  const other = runtime.run((config, bundle) => {
    present("other")(config, bundle);
    copy(config, bundle);
  });
  assert.is(other.status, 1);
  assert.match(other.err, /\/copy is there and is no symlink to same/);
});

test("copy-symlink of what is no symlink is a bind mount", () => {
  const copy = bind(`${linked()}/file`, "/copy", "copy-symlink");
  assert.is(
    runtime.inside(
      "cat /copy",
      copy,
      withImage(() => {}),
    ),
    "of the host",
  );
});

test("a copied symlink cannot lie outside the container", () => {
  const canary = newFolder({});
  const trap = withImage((rootfs) => symlinkSync(canary, `${rootfs}/out`));
  const copy = bind(`${linked()}/link`, "/out/copy", "copy-symlink");
  assert.is(runtime.inside(`readlink ${canary}/copy`, copy, trap), "file");
  assert.is(
    runtime.inside(
      "echo still",
      bind(canary, "/canary"),
      withImage(() => {}),
    ),
    "still",
  );
});

test("src-nofollow mounts the symlink itself", () => {
  const change = bind(`${linked()}/link`, "/here", "src-nofollow");
  assert.is(
    runtime.inside(
      "readlink /here",
      change,
      withImage(() => {}),
    ),
    "file",
  );
  const image = withImage((rootfs) => symlinkSync("other", `${rootfs}/here`));
  const both = bind(`${linked()}/link`, "/here", "src-nofollow", "dest-nofollow");
  assert.is(runtime.inside("readlink /here", both, image), "file");
});

test("dest-nofollow mounts on the symlink itself", () => {
  const image = withImage((rootfs) => {
    writeFileSync(`${rootfs}/target`, "of the image\n");
    symlinkSync("target", `${rootfs}/here`);
  });
  const followed = bind(`${linked()}/file`, "/here");
  assert.is(runtime.inside("cat /target", followed, image), "of the host");
  const itself = bind(`${linked()}/file`, "/here", "dest-nofollow");
  assert.is(runtime.inside("cat /here /target", itself, image), "of the host\nof the image");
});

test("idmap with its mapping in the option", () => {
  const folder = newFolder({ file: "" });
  mkdirSync(`${folder}/below`);
  chownSync(`${folder}/file`, 5, 15);
  const mapped = bind(folder, "/mapped", "idmap=uids=0-100-10;gids=10-200-10");
  assert.is(
    runtime.inside(
      "stat -c '%u %g' /mapped/file",
      mapped,
      withImage(() => {}),
    ),
    "105 205",
  );
});

test("what the runtime mounts, copies or maps is gone with the container", () => expectNoLeaks(before));

test.run();
