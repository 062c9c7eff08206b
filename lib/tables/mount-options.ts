// SPDX-License-Identifier: Apache-2.0

import { table } from "./table.ts";

/**
 * What one mount option does.
 * - attribute: MOUNT_ATTR_* bits to set and to clear, on the whole tree when recursive. Options add up in
 *   their order: `set = (set & ~option.clear) | option.set`, `clear |= option.clear`. The kernel takes the
 *   bits of the atime mode only together: when `clear` then holds any of `atimeModes`, it must hold them
 *   all. `super` is the keyword that mount(2) would hand to a new superblock as well.
 * - super: a keyword for fsconfig(2) FSCONFIG_SET_FLAG, which has no meaning for a bind mount
 * - propagation: MS_* flags for mount(2), each in a call of its own
 * - copyUp: what the image has at the destination of a tmpfs is copied into it
 * - idmap: the mount's ids are mapped, on the whole tree when recursive
 * - symlink: what a bind mount does with a symlink, `symlinks` being one bit of `bindSymlinks`
 * - ignored: has no effect, or concerns /etc/fstab only
 */
export type MountOption =
  | {
      readonly kind: "attribute";
      readonly set: number;
      readonly clear: number;
      readonly recursive: boolean;
      readonly super?: string;
    }
  | { readonly kind: "super"; readonly keyword: string }
  | { readonly kind: "propagation"; readonly flags: number }
  | { readonly kind: "bind"; readonly recursive: boolean }
  | { readonly kind: "remount" }
  | { readonly kind: "copyUp" }
  | { readonly kind: "idmap"; readonly recursive: boolean }
  | { readonly kind: "symlink"; readonly bit: number }
  | { readonly kind: "ignored" };

// MOUNT_ATTR_*, from linux/mount.h
const RDONLY = 0x00000001;
const NOSUID = 0x00000002;
const NODEV = 0x00000004;
const NOEXEC = 0x00000008;
const NOATIME = 0x00000010;
const STRICTATIME = 0x00000020;
const NODIRATIME = 0x00000080;
const NOSYMFOLLOW = 0x00200000;

/** MOUNT_ATTR__ATIME: the field that holds one of relatime (0), noatime and strictatime. */
export const atimeModes = 0x00000070;

// MS_*, from linux/mount.h
const REC = 0x4000;
const UNBINDABLE = 0x20000;
const PRIVATE = 0x40000;
const SLAVE = 0x80000;
const SHARED = 0x100000;

function attribute(set: number, clear = 0): MountOption {
  return { kind: "attribute", set, clear, recursive: false };
}

function recursive(set: number, clear = 0): MountOption {
  return { kind: "attribute", set, clear, recursive: true };
}

function superblock(keyword: string): MountOption {
  return { kind: "super", keyword };
}

function propagation(flags: number): MountOption {
  return { kind: "propagation", flags };
}

const ignored: MountOption = { kind: "ignored" };

/** The options of the runtime-spec (config.md, "Linux mount options") and, further down, of mount(8). */
export const mountOptions = table<MountOption>({
  bind: { kind: "bind", recursive: false },
  rbind: { kind: "bind", recursive: true },
  remount: { kind: "remount" },
  tmpcopyup: { kind: "copyUp" },
  defaults: ignored,

  ro: { kind: "attribute", set: RDONLY, clear: 0, recursive: false, super: "ro" },
  rw: { kind: "attribute", set: 0, clear: RDONLY, recursive: false, super: "rw" },
  nosuid: attribute(NOSUID),
  suid: attribute(0, NOSUID),
  nodev: attribute(NODEV),
  dev: attribute(0, NODEV),
  noexec: attribute(NOEXEC),
  exec: attribute(0, NOEXEC),
  nodiratime: attribute(NODIRATIME),
  diratime: attribute(0, NODIRATIME),
  nosymfollow: attribute(NOSYMFOLLOW),
  symfollow: attribute(0, NOSYMFOLLOW),
  noatime: attribute(NOATIME, atimeModes),
  atime: attribute(0, NOATIME),
  strictatime: attribute(STRICTATIME, atimeModes),
  nostrictatime: attribute(0, STRICTATIME),
  relatime: attribute(0, atimeModes),
  norelatime: ignored, // relatime is what the kernel does when told nothing

  rro: recursive(RDONLY),
  rrw: recursive(0, RDONLY),
  rnosuid: recursive(NOSUID),
  rsuid: recursive(0, NOSUID),
  rnodev: recursive(NODEV), // the spec's table forgot it; its features.md did not
  rdev: recursive(0, NODEV),
  rnoexec: recursive(NOEXEC),
  rexec: recursive(0, NOEXEC),
  rnodiratime: recursive(NODIRATIME),
  rdiratime: recursive(0, NODIRATIME),
  rnosymfollow: recursive(NOSYMFOLLOW),
  rsymfollow: recursive(0, NOSYMFOLLOW),
  rnoatime: recursive(NOATIME, atimeModes),
  ratime: recursive(0, NOATIME),
  rstrictatime: recursive(STRICTATIME, atimeModes),
  rnostrictatime: recursive(0, STRICTATIME),
  rrelatime: recursive(0, atimeModes),
  rnorelatime: ignored,

  shared: propagation(SHARED),
  rshared: propagation(SHARED | REC),
  slave: propagation(SLAVE),
  rslave: propagation(SLAVE | REC),
  private: propagation(PRIVATE),
  rprivate: propagation(PRIVATE | REC),
  unbindable: propagation(UNBINDABLE),
  runbindable: propagation(UNBINDABLE | REC),

  sync: superblock("sync"),
  async: superblock("async"),
  dirsync: superblock("dirsync"),
  lazytime: superblock("lazytime"),
  nolazytime: superblock("nolazytime"),
  mand: superblock("mand"),
  nomand: superblock("nomand"),
  iversion: ignored, // no word in fsconfig(2); file systems that keep such a counter now keep it always
  noiversion: ignored,
  silent: ignored, // with fsopen(2) messages go to the caller, not to the kernel's log
  loud: ignored,

  idmap: { kind: "idmap", recursive: false },
  ridmap: { kind: "idmap", recursive: true },
});

/** Bits of what a bind mount does with symlinks; native/ops/init/mounts.c has the same. */
export const bindSymlinks = { copy: 1, sourceItself: 2, destinationItself: 4 } as const;

/** crun's own options (crun(1)), which Podman gives when it knows that it talks to crun. */
export const crunOptions = table<MountOption>({
  "copy-symlink": { kind: "symlink", bit: bindSymlinks.copy },
  "src-nofollow": { kind: "symlink", bit: bindSymlinks.sourceItself },
  "dest-nofollow": { kind: "symlink", bit: bindSymlinks.destinationItself },
});

/** What else mount(8) reads itself and never hands to a file system. */
export const mount8Options = table<MountOption>({
  auto: ignored,
  noauto: ignored,
  nofail: ignored,
  _netdev: ignored,
  nouser: ignored,
  user: attribute(NOSUID | NODEV | NOEXEC),
  users: attribute(NOSUID | NODEV | NOEXEC),
  owner: attribute(NOSUID | NODEV),
  group: attribute(NOSUID | NODEV),
});
