// SPDX-License-Identifier: Apache-2.0

// checkpoint and restore by criu(8), where its kernel can be had. Each of its runs takes seconds, in a virtual
// machine ten times that, so one container goes through much.

import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, makeBundle, ownRootfs, shell } from "../native/bundle.ts";
import { cgroupMount, expectNoLeaks, isAlive, snapshot } from "../native/leaks.ts";
import { type Result, Runtime } from "../native/runtime.ts";
import { newId, newPath } from "../native/scratch.ts";
import { waitFor } from "../native/wait.ts";

const runtime = new Runtime();
const check = spawnSync("criu", ["check"], { encoding: "utf8" });
const before = snapshot();

/** Only where criu has what it needs. */
function proveWhen(looked: SpawnSyncReturns<string>, title: string, body: () => void): void {
  const why = looked.error?.message ?? looked.stderr.trim().split("\n")[0];
  if (looked.status === 0) test(title, body);
  else test.skip(`${title} # criu check: ${why}`, () => {});
}

const prove = (title: string, body: () => void): void => proveWhen(check, title, body);

/** What has changed in memory the kernel tells where it has CONFIG_MEM_SOFT_DIRTY. */
const tracking = spawnSync("criu", ["check", "--feature", "mem_dirty_track"], { encoding: "utf8" });
const proveTracked = (title: string, body: () => void): void => proveWhen(tracking, title, body);

function criu(...args: readonly string[]): Result {
  return runtime.call(args, { seconds: 240 });
}

function succeeds(...args: readonly string[]): void {
  const { status, signal, err } = criu(...args);
  assert.equal({ status, signal, err }, { status: 0, signal: null, err: "" }, args.join(" "));
}

/** A container with a folder of the host's at /shared, in which it tells how it fares. */
interface Subject {
  readonly id: string;
  readonly bundle: string;
  readonly shared: string;
}

function subject(script: string, ...changes: readonly Change[]): Subject {
  const shared = newPath("shared");
  mkdirSync(shared);
  const bundle = makeBundle(
    combine(
      shell(script),
      (config, folder) => {
        ownRootfs(folder);
        config.root.path = "rootfs";
        config.mounts.push({ destination: "/shared", source: shared, options: ["bind"] });
        config.mounts.push({ destination: "/tmp", type: "tmpfs", source: "tmpfs" });
        config.linux.maskedPaths = ["/proc/kcore", "/proc/keys", "/proc/scsi"];
        config.linux.readonlyPaths = ["/proc/sys"];
      },
      ...changes,
    ),
  );
  const id = newId();
  runtime.ok("create", "--bundle", bundle, id);
  runtime.ok("start", id);
  return { id, bundle, shared };
}

const lines = ({ shared }: Subject, file: string): readonly string[] => {
  const path = join(shared, file);
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
};

/** Counts on from where it was: each number once, in order. */
function goesOn(one: Subject, file: string): void {
  const count = lines(one, file).length;
  assert.ok(
    waitFor(() => lines(one, file).length > count + 3, 60_000),
    `${file} goes on after ${count}`,
  );
  const numbers = lines(one, file).map(Number);
  assert.equal(
    numbers,
    numbers.map((_, i) => i + 1),
  );
}

/** Memory alone holds the number. */
const counter = (file: string, pause: string): string =>
  `exec > /shared/${file}; i=0; while :; do i=$((i+1)); echo $i; sleep ${pause}; done`;

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
