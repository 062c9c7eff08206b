// SPDX-License-Identifier: Apache-2.0

/** Containers that are checkpointed and restored, where criu(8) has what it needs, and show that they went on. */

import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, makeBundle, ownRootfs, shell } from "../native/bundle.ts";
import { type Result, Runtime } from "../native/runtime.ts";
import { newId, newPath } from "../native/scratch.ts";
import { waitFor } from "../native/wait.ts";

export const runtime = new Runtime();
const check = spawnSync("criu", ["check"], { encoding: "utf8" });

type Body = () => void | Promise<void>;

/** Only where criu has what it needs. */
function proveWhen(looked: SpawnSyncReturns<string>, title: string, body: Body): void {
  const why = looked.error?.message ?? looked.stderr.trim().split("\n")[0];
  if (looked.status === 0) test(title, body);
  else test.skip(`${title} # criu check: ${why}`, () => {});
}

export const prove = (title: string, body: Body): void => proveWhen(check, title, body);

/** What has changed in memory the kernel tells where it has CONFIG_MEM_SOFT_DIRTY. */
const tracking = spawnSync("criu", ["check", "--feature", "mem_dirty_track"], { encoding: "utf8" });
export const proveTracked = (title: string, body: Body): void => proveWhen(tracking, title, body);

export function criu(...args: readonly string[]): Result {
  return runtime.call(args, { seconds: 240 });
}

export function succeeds(...args: readonly string[]): void {
  const { status, signal, err } = criu(...args);
  assert.equal({ status, signal, err }, { status: 0, signal: null, err: "" }, args.join(" "));
}

/** A container with a folder of the host's at /shared, in which it tells how it fares. */
export interface Subject {
  readonly id: string;
  readonly bundle: string;
  readonly shared: string;
}

/** One that is yet to be created. */
export function prepared(script: string, ...changes: readonly Change[]): Subject {
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
  return { id: newId(), bundle, shared };
}

export function subject(script: string, ...changes: readonly Change[]): Subject {
  const one = prepared(script, ...changes);
  runtime.ok("create", "--bundle", one.bundle, one.id);
  runtime.ok("start", one.id);
  return one;
}

const lines = ({ shared }: Subject, file: string): readonly string[] => {
  const path = join(shared, file);
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
};

/** Counts on from where it was: each number once, in order. */
export function goesOn(one: Subject, file: string): void {
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
export const counter = (file: string, pause: string): string =>
  `exec > /shared/${file}; i=0; while :; do i=$((i+1)); echo $i; sleep ${pause}; done`;
