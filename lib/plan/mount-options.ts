// SPDX-License-Identifier: Apache-2.0

import { customIdmap } from "../config/idmap-option.ts";
import {
  atimeModes,
  crunOptions,
  type MountOption,
  mount8Options,
  mountOptions,
} from "../tables/mount-options.ts";

/** The options of one mount, sorted by what they are for. */
export interface MountOptions {
  bind: boolean;
  recursive: boolean;
  remount: boolean;
  /** whether ids are mapped, of the mount alone or of all mounts below it */
  idmap: "no" | "mount" | "tree";
  /** crun's mapping within the option: "uids=0-1-10#10-11-10;gids=0-100-10" */
  idmapText: string;
  /** bits of `bindSymlinks` */
  symlinks: number;
  /** a new tmpfs begins with what it covers */
  copyUp: boolean;
  /** MOUNT_ATTR_* */
  set: number;
  clear: number;
  setRecursive: number;
  clearRecursive: number;
  /** keywords of the superblock, for a new one */
  readonly superblock: string[];
  /** handed to the file system as they are */
  readonly data: string[];
  /** MS_*, each for a call of its own */
  readonly propagation: number[];
}

function apply(options: MountOptions, option: MountOption): void {
  switch (option.kind) {
    case "attribute":
      if (option.recursive) {
        options.setRecursive = (options.setRecursive & ~option.clear) | option.set;
        options.clearRecursive = (options.clearRecursive & ~option.set) | option.clear;
      } else {
        options.set = (options.set & ~option.clear) | option.set;
        options.clear = (options.clear & ~option.set) | option.clear;
      }
      break;
    case "super":
      options.superblock.push(option.keyword);
      break;
    case "propagation":
      options.propagation.push(option.flags);
      break;
    case "bind":
      options.bind = true;
      options.recursive ||= option.recursive;
      break;
    case "remount":
      options.remount = true;
      break;
    case "copyUp":
      options.copyUp = true;
      break;
    case "idmap":
      options.idmap = option.recursive ? "tree" : "mount";
      break;
    case "symlink":
      options.symlinks |= option.bit;
      break;
    case "ignored":
      break;
  }
}

// The kernel changes the atime mode only when all of its bits are cleared.
function wholeAtime(set: number, clear: number): number {
  return ((set | clear) & atimeModes) !== 0 ? clear | atimeModes : clear;
}

/** Words for the readers of fstab, which mount(8) keeps to itself. */
function isComment(name: string): boolean {
  return /^(x-|comment=)/i.test(name);
}

function applyOther(options: MountOptions, name: string): void {
  const mapping = customIdmap.exec(name);
  if (mapping) {
    options.idmap = name.startsWith("r") ? "tree" : "mount";
    options.idmapText = name.slice(mapping[0].length);
  } else if (name !== "" && !isComment(name)) options.data.push(name);
}

export function parseMountOptions(list: readonly string[]): MountOptions {
  const options: MountOptions = {
    bind: false,
    recursive: false,
    remount: false,
    copyUp: false,
    idmap: "no",
    idmapText: "",
    symlinks: 0,
    set: 0,
    clear: 0,
    setRecursive: 0,
    clearRecursive: 0,
    superblock: [],
    data: [],
    propagation: [],
  };
  for (const name of list) {
    const option = mountOptions[name] ?? mount8Options[name] ?? crunOptions[name];
    if (option) apply(options, option);
    else applyOther(options, name);
  }
  options.clear = wholeAtime(options.set, options.clear);
  options.clearRecursive = wholeAtime(options.setRecursive, options.clearRecursive);
  return options;
}
