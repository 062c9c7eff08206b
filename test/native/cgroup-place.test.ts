// SPDX-License-Identifier: Apache-2.0

// Where a container's cgroup is made and where not, and what is left of it; config-linux.md#cgroups-path.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, makeBundle } from "./bundle.ts";
import { cgroupMount, cgroupOf, expectNoLeaks, ownCgroups, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { mark, newId } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();

const inCgroup =
  (path: string): Change =>
  ({ linux }) => {
    linux.cgroupsPath = path;
  };

test("cgroupsPath counts from the mount, with and without a / in front", () => {
  for (const path of [`/${mark}parent/one`, `${mark}parent/one`]) {
    const id = runtime.create(inCgroup(path));
    assert.is(cgroupOf(runtime.state(id).pid), `/${mark}parent/one`);
    runtime.ok("delete", id);
    assert.not(existsSync(`${cgroupMount}/${mark}parent/one`));
  }
  // create had made it, too
  assert.not(existsSync(`${cgroupMount}/${mark}parent`));
});

test("the same cgroupsPath is the same place, and what was there before delete leaves alone", () => {
  mkdirSync(`${cgroupMount}/${mark}before`);
  mkdirSync(`${cgroupMount}/${mark}before/sibling`);
  const id = runtime.create(inCgroup(`/${mark}before/one`));
  runtime.ok("delete", id);
  assert.ok(existsSync(`${cgroupMount}/${mark}before/sibling`));
  rmdirSync(`${cgroupMount}/${mark}before/sibling`);
  rmdirSync(`${cgroupMount}/${mark}before`);
});

test("a cgroupsPath with .. leads nowhere but below the mount", () => {
  for (const path of ["../../escape", "/../escape", `/${mark}a/../../escape`]) {
    const id = newId();
    const { status } = runtime.call([
      "create",
      "--bundle",
      makeBundle(inCgroup(path.replace("escape", `${mark}escape`))),
      id,
    ]);
    if (status === 0) {
      assert.is(cgroupOf(runtime.state(id).pid), `/${mark}escape`);
      runtime.ok("delete", id);
    }
    assert.equal(ownCgroups(), []);
  }
});

test("a cgroup that has processes already is refused, and they live on", () => {
  const first = runtime.create(inCgroup(`/${mark}taken`));
  const err = runtime.fails("create", "--bundle", makeBundle(inCgroup(`/${mark}taken`)), newId());
  assert.match(err, /has processes already.*\/linux\/cgroupsPath/s);
  assert.is(runtime.state(first).status, "created");
  runtime.ok("delete", first);
});

/** A cgroup of somebody else's while `use` runs, which must be there afterwards as it was. */
function beside(name: string, file: string, value: string, use: (path: string) => void): void {
  const path = `/${mark}${name}`;
  mkdirSync(cgroupMount + path);
  writeFileSync(`${cgroupMount}${path}/${file}`, value);
  try {
    use(path);
    assert.is(readFileSync(`${cgroupMount}${path}/${file}`, "utf8").trim(), value);
    assert.equal(
      readdirSync(runtime.root).filter((entry) => !entry.startsWith(".")),
      [],
    );
  } finally {
    for (const folder of ownCgroups()) rmdirSync(folder);
  }
}

test("a frozen cgroup is refused and stays, also one below it", () => {
  beside("frozen", "cgroup.freeze", "1", (path) => {
    assert.match(runtime.refuses(inCgroup(path)), new RegExp(`${path} is frozen .*cgroupsPath`));
    const below = runtime.refuses(inCgroup(`${path}/in/deep`));
    assert.match(below, new RegExp(`${path}/in/deep is frozen: cgroup ${path} above it is`));
    assert.not(existsSync(`${cgroupMount}${path}/in`));
  });
});

test("a threaded cgroup is refused and stays", () => {
  beside("threads", "cgroup.type", "threaded", (path) => {
    assert.match(runtime.refuses(inCgroup(path)), new RegExp(`${path} is threaded .*cgroupsPath`));
  });
});

test("where no further cgroup is allowed, none of those that were made stays", () => {
  beside("flat", "cgroup.max.depth", "1", (path) => {
    const err = runtime.refuses(inCgroup(`${path}/one/two`));
    assert.match(err, new RegExp(`cgroup\\.max\\.depth of cgroup ${path} is 1`));
    assert.not(existsSync(`${cgroupMount}${path}/one`));
  });
});

test("a name that the kernel has for a file of its own leaves nothing behind", () => {
  for (const path of ["/cgroup.procs", "/cgroup.procs/in", `/${mark}a/cgroup.procs`]) {
    assert.match(runtime.refuses(inCgroup(path)), /ENOTDIR.*is a file of the kernel's/);
    assert.equal(
      readdirSync(runtime.root).filter((entry) => !entry.startsWith(".")),
      [],
    );
    assert.equal(ownCgroups(), []);
  }
});

test("a path as long as the kernel takes one is removed in full, and a longer one refused", () => {
  const long = (length: number) =>
    `/${`${mark}${"x".repeat(200)}/`.repeat(20)}`.slice(0, length).padEnd(length, "y");
  const id = runtime.create(inCgroup(long(4000)));
  assert.is(cgroupOf(runtime.state(id).pid), long(4000));
  runtime.ok("delete", id);
  assert.equal(ownCgroups(), []);
  assert.match(runtime.refuses(inCgroup(long(4096))), /ENAMETOOLONG.*cgroupsPath/);
  assert.equal(ownCgroups(), []);
});

test("no name of a cgroup leads into a file system that is mounted over one", () => {
  beside("covered", "cgroup.max.depth", "9", (path) => {
    const covered = cgroupMount + path;
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", covered]);
    try {
      for (const inside of [path, `${path}/in`])
        assert.match(runtime.refuses(inCgroup(inside)), /EXDEV.*another file system is mounted over/);
      assert.equal(readdirSync(covered), []);
    } finally {
      execFileSync("umount", [covered]);
    }
  });
});

test("a tree that is read-only says so", () => {
  const readOnly = 'mount -o remount,bind,ro /sys/fs/cgroup && exec "$@"';
  const through = ["unshare", "--mount", "sh", "-c", readOnly, "sh"];
  const { status, err } = runtime.call(["run", "--bundle", makeBundle(), newId()], { through });
  assert.is(status, 1);
  assert.match(err, /EROFS.*the tree of cgroups is read-only here/);
});

test("a create that fails after its cgroup was made leaves none of its parents", () => {
  const fails: readonly Change[] = [
    ({ linux }) => {
      linux.resources = { unified: { "cgroup.max.depth": "many" } };
    },
    ({ process }) => {
      process.args = ["/nonesuch"];
    },
    (config) => {
      config.hooks = { createRuntime: [{ path: "/bin/false" }] };
    },
  ];
  for (const change of fails) {
    runtime.refuses(combine(change, inCgroup(`/${mark}parents/one/two`)));
    assert.equal(ownCgroups(), []);
  }
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
