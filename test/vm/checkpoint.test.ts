// SPDX-License-Identifier: Apache-2.0

// checkpoint and restore by criu(8), where its kernel can be had. Each of its runs takes seconds, in a virtual
// machine ten times that, so one container goes through much.

import { existsSync, mkdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, makeBundle } from "../native/bundle.ts";
import { cgroupMount, expectNoLeaks, isAlive, snapshot } from "../native/leaks.ts";
import { newId, newPath } from "../native/scratch.ts";
import { counter, criu, goesOn, prove, proveTracked, runtime, subject, succeeds } from "./checkpointing.ts";

const before = snapshot();

const limited: Change = ({ linux }) => {
  linux.resources = {
    pids: { limit: 37 },
    memory: { limit: 64 * 1024 * 1024 },
    devices: [
      { allow: false, access: "rwm" },
      { allow: true, type: "c", major: 1, minor: 3, access: "rwm" },
    ],
  };
};

const cgroupFile = (id: string, name: string): string =>
  readFileSync(join(cgroupMount, `runts-${id}`, name), "utf8").trim();

prove("a container goes on counting where it was, within its limits and its device rules", () => {
  const one = subject(`${counter("count", "0.2")}`, limited, ({ process }) => {
    const all = ["CAP_MKNOD", "CAP_KILL"] as const;
    process.capabilities = { bounding: [...all], effective: [...all], permitted: [...all] };
  });
  goesOn(one, "count");

  const images = newPath("images");
  succeeds("checkpoint", "--image-path", images, "--file-locks", "--leave-running", one.id);
  assert.is(runtime.state(one.id).status, "running");
  goesOn(one, "count");

  const last = newPath("last");
  const work = newPath("work");
  succeeds("checkpoint", "--image-path", last, "--work-path", work, "--file-locks", one.id);
  assert.match(runtime.fails("state", one.id), "does not exist");
  assert.ok(existsSync(join(work, "dump.log")) && !existsSync(join(last, "dump.log")));
  assert.not(existsSync(join(cgroupMount, `runts-${one.id}`)));

  // as in another copy of the rootfs
  rmdirSync(join(one.bundle, "rootfs/shared"));
  const pidFile = newPath("pid");
  const where = ["--bundle", one.bundle, "--image-path", last, "--work-path", work];
  succeeds("restore", ...where, "--file-locks", "--detach", "--pid-file", pidFile, one.id);
  const { pid, status } = runtime.state(one.id);
  assert.equal([readFileSync(pidFile, "utf8"), status], [`${pid}`, "running"]);
  goesOn(one, "count");
  assert.match(readFileSync(`/proc/${pid}/cgroup`, "utf8"), `0::/runts-${one.id}\n`);
  assert.is(cgroupFile(one.id, "pids.max"), "37");
  assert.is(cgroupFile(one.id, "memory.max"), `${64 * 1024 * 1024}`);
  const inside = (script: string) => criu("exec", one.id, "sh", "-c", script);
  const rules = inside(
    "mknod /tmp/none c 10 99; cat /tmp/none 2>&1; echo > /dev/null && echo null; cat /proc/kcore | wc -c",
  );
  assert.equal(rules.out, "cat: can't open '/tmp/none': Operation not permitted\nnull\n0\n");
  assert.match(readFileSync(`/proc/${pid}/mountinfo`, "utf8"), / \/shared /);

  // that id is taken
  assert.match(criu("restore", ...where, "--detach", one.id).err, "already exists");
  runtime.ok("delete", "--force", one.id);
});

proveTracked("a checkpoint after a pre-dump holds only what has changed since", () => {
  const one = subject(counter("count", "0.2"));
  const images = newPath("images");
  mkdirSync(images);
  succeeds("checkpoint", "--pre-dump", "--image-path", join(images, "pre"), one.id);
  assert.is(runtime.state(one.id).status, "running");
  goesOn(one, "count");
  const last = join(images, "last");
  succeeds("checkpoint", "--image-path", last, "--parent-path", "../pre", one.id);
  assert.is(readlinkSync(join(last, "parent")), "../pre");
  succeeds("restore", "--bundle", one.bundle, "--image-path", last, "--detach", one.id);
  goesOn(one, "count");
  runtime.ok("delete", "--force", one.id);
});

prove(
  "a TCP connection comes back, and without leave for it criu says what it wants, and nothing happens",
  () => {
    const client = "i=0; while :; do i=$((i+1)); echo $i; sleep 0.3; done | nc 127.0.0.1 5000 > /shared/echo";
    const one = subject(`nc -l -p 5000 -e cat & sleep 1; ${client}`);
    goesOn(one, "echo");
    const images = newPath("images");
    const refused = criu("checkpoint", "--image-path", images, one.id);
    assert.equal([refused.status, refused.out], [1, ""]);
    assert.match(refused.err, /^runts: criu: .*/);
    assert.match(refused.err, "--tcp-established");
    assert.match(refused.err, `see ${images}/dump.log`);
    assert.is(runtime.state(one.id).status, "running");
    goesOn(one, "echo");

    succeeds("checkpoint", "--tcp-established", "--image-path", images, one.id);
    succeeds(
      "restore",
      "--tcp-established",
      "--bundle",
      one.bundle,
      "--image-path",
      images,
      "--detach",
      one.id,
    );
    goesOn(one, "echo");
    runtime.ok("delete", "--force", one.id);
  },
);

prove(
  "restore in the foreground ends with the program's status; one that fails leaves nothing behind",
  () => {
    const one = subject("while [ ! -e /shared/stop ]; do sleep 0.1; done; exit 7");
    const images = newPath("images");
    succeeds("checkpoint", "--image-path", images, one.id);
    writeFileSync(join(one.shared, "stop"), "");

    const config = JSON.parse(readFileSync(join(one.bundle, "config.json"), "utf8"));
    const broken = makeBundle((draft) => {
      Object.assign(draft, config, {
        mounts: config.mounts.filter((mount: { destination: string }) => mount.destination !== "/shared"),
      });
      draft.root.path = join(one.bundle, "rootfs");
    });
    const failed = criu("restore", "--bundle", broken, "--image-path", images, one.id);
    assert.equal([failed.status, failed.out], [1, ""]);
    assert.match(failed.err, `see ${images}/restore.log`);
    assert.match(runtime.fails("state", one.id), "does not exist");

    const ended = criu("restore", "--bundle", one.bundle, "--image-path", images, one.id);
    assert.equal([ended.status, ended.out, ended.err], [7, "", ""]);
    assert.match(runtime.fails("state", one.id), "does not exist");
  },
);

prove("what cannot be is refused before anything is done", () => {
  const one = subject("sleep 1000");
  const images = newPath("images");
  const refused = (...args: readonly string[]): string => runtime.fails(...args);
  assert.match(
    refused("checkpoint", "--parent-path", "/pre", "--image-path", images, one.id),
    "--parent-path",
  );
  assert.match(
    refused("checkpoint", "--parent-path", "pre", "--image-path", images, one.id),
    "--parent-path",
  );
  assert.match(
    refused("restore", "--bundle", one.bundle, "--image-path", images, newId()),
    "descriptors.json",
  );
  assert.match(
    refused("--criu", "/no/such/criu", "checkpoint", "--image-path", images, one.id),
    'execve("/no/such/criu"): ENOENT',
  );
  assert.ok(isAlive(runtime.state(one.id).pid));
  runtime.ok("delete", "--force", one.id);
  assert.match(refused("checkpoint", "--image-path", images, one.id), "does not exist");
});

test("nothing is left behind", () => {
  expectNoLeaks(before);
});

test.run();
