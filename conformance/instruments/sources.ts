// SPDX-License-Identifier: Apache-2.0

/** File systems that cases bind into containers, mounted in the worker's own namespace while a case is prepared. */

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { Place } from "../stage/place.ts";

/** Runs a program of the host that must succeed. */
export function perform(program: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr || error?.message}`);
}

/** mount(8) of the host. */
export const mountHere = (...args: readonly string[]): void => perform("mount", ...args);

/** A new tmpfs at a folder, which is made. */
export function mountTmpfs(folder: string, options = "mode=755"): string {
  mkdirSync(folder, { recursive: true });
  mountHere("-t", "tmpfs", "-o", options, "conformance", folder);
  return folder;
}

/** An empty folder of the root filesystem, to mount on. */
export const mountPoint = (place: Place, path = "/m"): void => {
  mkdirSync(`${place.rootfs}${path}`, { recursive: true });
};

/** A folder with a file in it that says which one it is. */
export function markedFolder(folder: string, word: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/mark`, word);
  return folder;
}

export const probeIn = (place: Place, path: string, mode: number): void => {
  copyFileSync(place.probe, path);
  chmodSync(path, mode);
};

const seconds = (date: Date | number) => Number(date) / 1000;

/** Access times that relatime renews (older than the last change), and that it leaves (newer than that). */
function withAccessTimes(folder: string): void {
  const long = seconds(new Date("2001-02-03"));
  const later = seconds(Date.now()) + 3600;
  for (const [name, accessed] of Object.entries({ stale: long, fresh: later })) {
    writeFileSync(`${folder}/${name}`, "x");
    utimesSync(`${folder}/${name}`, accessed, long);
    mkdirSync(`${folder}/${name}-folder`);
    utimesSync(`${folder}/${name}-folder`, accessed, long);
  }
}

/** What the attempts of attempts.ts and those on access times need. */
function populate(place: Place, folder: string): void {
  probeIn(place, `${folder}/program`, 0o755);
  probeIn(place, `${folder}/suid`, 0o4755);
  writeFileSync(`${folder}/file`, "x");
  symlinkSync("file", `${folder}/link`);
  // Outside of the initial user namespace there are no device nodes; the cases that open one need root.
  if (place.host.root) perform("mknod", "-m", "666", `${folder}/null`, "c", "1", "3");
  withAccessTimes(folder);
}

/**
 * A file system at `tree` of the scratch folder with another one at its folder `nested`. Both are mounted with the
 * options, which restrict them only when they have been filled.
 */
export function mountTree(place: Place, ...options: readonly string[]): string {
  const tree = `${place.scratch}/tree`;
  for (const folder of [tree, `${tree}/nested`]) {
    mountTmpfs(folder);
    populate(place, folder);
  }
  if (options.length > 0) {
    for (const folder of [tree, `${tree}/nested`])
      mountHere("-o", ["remount", "bind", ...options].join(","), folder);
  }
  return tree;
}

/** Files named by the ids that they belong to, in both file systems of a tree. */
export function mountOwnedTree(place: Place, ids: readonly number[]): string {
  const tree = `${place.scratch}/tree`;
  for (const folder of [tree, `${tree}/nested`]) {
    mountTmpfs(folder);
    for (const id of ids) {
      writeFileSync(`${folder}/${id}`, "");
      chownSync(`${folder}/${id}`, id, id);
    }
  }
  return tree;
}
