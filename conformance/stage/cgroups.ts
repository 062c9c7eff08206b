// SPDX-License-Identifier: Apache-2.0

/** The suite's own corner of the cgroup2 tree. */

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { canWrite, words } from "./host.ts";

export const mountpoint = "/sys/fs/cgroup";
const cgroup2Magic = 0x63677270;

function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false; // not lent to us, or gone meanwhile: what follows from it is looked at afterwards
  }
}

/** Enables every controller that can be for the children of `folder`, one by one: some may be refused. */
function enableControllers(folder: string): readonly string[] {
  const file = `${folder}/cgroup.subtree_control`;
  for (const name of words(readFileSync(`${folder}/cgroup.controllers`, "utf8"))) {
    attempt(() => writeFileSync(file, `+${name}`));
  }
  return words(readFileSync(file, "utf8"));
}

/** Makes the cgroup `name` at the top of the tree, in which cases put theirs. */
export function makeOwnCgroup(name: string): { cgroupWritable: boolean; controllers: readonly string[] } {
  const none = { cgroupWritable: false, controllers: [] };
  if (!existsSync(mountpoint) || statfsSync(mountpoint).type !== cgroup2Magic) return none;
  const own = `${mountpoint}/${name}`;
  removeCgroup(own);
  enableControllers(mountpoint);
  if (!attempt(() => mkdirSync(own)) || !canWrite(`${own}/cgroup.procs`)) return none;
  return { cgroupWritable: true, controllers: enableControllers(own) };
}

/** Folders below, the children of each before it. */
export function foldersBelow(folder: string): readonly string[] {
  const found: string[] = [];
  attempt(() => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) found.push(...foldersBelow(path), path);
    }
  });
  return found;
}

/** Ends whatever runs in the cgroup (frozen processes, too) and removes it with all below. */
export function removeCgroup(folder: string): void {
  if (!existsSync(folder)) return;
  attempt(() => writeFileSync(`${folder}/cgroup.kill`, "1"));
  const deadline = Date.now() + 2000;
  do {
    for (const path of [...foldersBelow(folder), folder]) attempt(() => rmdirSync(path));
  } while (existsSync(folder) && Date.now() < deadline);
}
