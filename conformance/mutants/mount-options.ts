// SPDX-License-Identifier: Apache-2.0

/** Mount options that are forgotten, mistaken for others, or applied to too little. */

import type { Mount } from "./config.ts";
import { inConfig } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

/** The options of every mount are other ones. */
const inOptions = (change: (options: readonly string[], mount: Mount) => readonly string[]): Fault =>
  inConfig(({ mounts }) => {
    for (const mount of mounts ?? []) if (mount.options) mount.options = [...change(mount.options, mount)];
  });

const dropping = (word: RegExp) => inOptions((options) => options.filter((option) => !word.test(option)));

const renaming = (names: Readonly<Record<string, string>>) =>
  inOptions((options) => options.map((option) => names[option] ?? option));

const isBind = (options: readonly string[]) => options.includes("bind") || options.includes("rbind");

export const mountOptions: readonly Mutant[] = [
  {
    name: "bind-attributes-ignored",
    about: "Bind mounts are not mounted again with their options, which the first mount(2) does not heed.",
    breaks: ["mount-options.ro", "mount-options.nosuid", "mount-options.nodev", "mount-options.noexec"],
    fault: inOptions((options) =>
      isBind(options) ? options.filter((option) => !/^(ro|nosuid|nodev|noexec)$/.test(option)) : options,
    ),
  },
  {
    name: "nodev-ignored",
    about: "The option nodev has no effect.",
    breaks: ["mount-options.nodev"],
    fault: dropping(/^nodev$/),
  },
  {
    name: "nosymfollow-ignored",
    about: "The option nosymfollow has no effect.",
    breaks: ["mount-options.nosymfollow"],
    fault: dropping(/^nosymfollow$/),
  },
  {
    name: "permissions-not-given-back",
    about: "suid, dev, exec and rw do not lift what the source of a bind mount forbids.",
    breaks: ["mount-options.suid", "mount-options.dev", "mount-options.exec", "mount-options.rw"],
    fault: dropping(/^(suid|dev|exec|rw)$/),
  },
  {
    name: "first-option-wins",
    about: "Of options that contradict each other the first one counts.",
    breaks: ["mount-options.last-wins"],
    fault: inOptions((options) => options.toReversed()),
  },
  {
    name: "recursive-attributes-flat",
    about: "rro, rnosuid and their like reach only the uppermost mount.",
    breaks: ["mount-options.rro", "mount-options.rnosuid", "mount-options.rnodev", "mount-options.rnoexec"],
    fault: renaming({ rro: "ro", rnosuid: "nosuid", rnodev: "nodev", rnoexec: "noexec" }),
  },
  {
    name: "attributes-recursive",
    about: "ro and its like reach the mounts below, too.",
    breaks: ["mount-options.ro", "mount-options.nosuid", "mount-options.nodev"],
    fault: inOptions((options) =>
      options.includes("rbind")
        ? options.map((option) => (/^(ro|nosuid|nodev)$/.test(option) ? `r${option}` : option))
        : options,
    ),
  },
  {
    name: "rbind-as-bind",
    about: "rbind leaves out what is mounted below the source.",
    breaks: ["mount-options.rbind"],
    fault: renaming({ rbind: "bind" }),
  },
  {
    name: "bind-as-rbind",
    about: "bind takes along what is mounted below the source.",
    breaks: ["mount-options.bind"],
    fault: renaming({ bind: "rbind" }),
  },
  {
    name: "propagation-options-ignored",
    about: "The options for the propagation of a mount have no effect.",
    breaks: ["mount-options.shared", "mount-options.unbindable", "mount-options.rshared"],
    fault: dropping(/^r?(shared|slave|private|unbindable)$/),
  },
  {
    name: "recursive-propagation-flat",
    about: "rshared and its like reach only the uppermost mount.",
    breaks: ["mount-options.rshared", "mount-options.rslave", "mount-options.rprivate"],
    fault: renaming({ rshared: "shared", rslave: "slave", rprivate: "private", runbindable: "unbindable" }),
  },
  {
    name: "slave-as-private",
    about: "A slave mount receives nothing.",
    breaks: ["mount-options.slave", "mount-options.rslave"],
    fault: renaming({ slave: "private", rslave: "rprivate" }),
  },
  {
    name: "strictatime-ignored",
    about: "The option strictatime has no effect.",
    breaks: ["mount-options.strictatime"],
    fault: dropping(/^strictatime$/),
  },
  {
    name: "noatime-as-relatime",
    about: "noatime renews access times now and then.",
    breaks: ["mount-options.noatime"],
    fault: renaming({ noatime: "relatime" }),
  },
  {
    name: "nodiratime-as-noatime",
    about: "nodiratime is for files, too.",
    breaks: ["mount-options.nodiratime"],
    fault: renaming({ nodiratime: "noatime" }),
  },
  {
    name: "superblock-options-ignored",
    about: "sync, dirsync and lazytime have no effect.",
    breaks: ["mount-options.sync", "mount-options.dirsync", "mount-options.lazytime"],
    fault: dropping(/^(sync|dirsync|lazytime)$/),
  },
  {
    name: "remount-skipped",
    about: "Entries with the option remount are passed over.",
    breaks: ["mount-options.remount"],
    fault: inConfig((config) => {
      config.mounts = config.mounts?.filter(({ options }) => !options?.includes("remount")) ?? [];
    }),
  },
  {
    name: "remount-mounts-again",
    about: "Entries with the option remount mount something new.",
    breaks: ["mount-options.remount"],
    fault: dropping(/^remount$/),
  },
  {
    name: "mount-data-dropped",
    about: "Options for the file system do not reach it.",
    breaks: ["mount-options.data"],
    fault: dropping(/^(size|mode|uid|gid|nr_inodes)=/),
  },
  {
    name: "defaults-as-data",
    about: "defaults is given to the file system, which does not know it.",
    breaks: ["mount-options.defaults"],
    fault: renaming({ defaults: "the-defaults" }),
  },
  {
    name: "known-words-as-data",
    about: "silent, loud and iversion are given to the file system, which does not know them.",
    breaks: ["mount-options.silent", "mount-options.loud", "mount-options.iversion"],
    fault: inOptions((options) =>
      options.map((option) => (/^(silent|loud|iversion)$/.test(option) ? `x${option}` : option)),
    ),
  },
];
