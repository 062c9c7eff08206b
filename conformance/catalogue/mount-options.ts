// SPDX-License-Identifier: Apache-2.0

/** One clause for each row of the table "Linux mount options", and those of the prose around it. */

import { chapter, may, must, section, should } from "./clause.ts";

export const mountOptions = chapter(
  "Mount options",
  section(
    "config.md#linux-mount-options",
    must("mount-options.async", "async makes a file system write in its own time, undoing sync."),
    must("mount-options.atime", "atime leaves access times to the kernel's default, undoing noatime."),
    must(
      "mount-options.bind",
      "bind shows the source's directory or file at the destination, without mounts below the source.",
    ),
    must(
      "mount-options.defaults",
      "defaults stands for a mount that is writable and has suid, dev and exec.",
    ),
    must("mount-options.dev", "dev lets device nodes of the mount be opened, undoing nodev."),
    must(
      "mount-options.diratime",
      "diratime lets directories have access times as files have them, undoing nodiratime.",
    ),
    must("mount-options.dirsync", "dirsync makes a file system write changes of directories at once."),
    must("mount-options.exec", "exec lets programs of the mount be run, undoing noexec."),
    must(
      "mount-options.iversion",
      "iversion is understood as mount(8) does: it asks a new file system to count changes of inodes.",
    ),
    must("mount-options.lazytime", "lazytime makes a file system keep changes of times in memory first."),
    must(
      "mount-options.loud",
      "loud is understood as mount(8) does: it lets the kernel log what it finds while mounting.",
    ),
    may("mount-options.mand", "mand allows mandatory locks on a file system; kernels since 5.15 have none."),
    must("mount-options.noatime", "noatime keeps access times as they are."),
    must("mount-options.nodev", "nodev makes device nodes of the mount mere names that nobody can open."),
    must("mount-options.nodiratime", "nodiratime keeps the access times of directories as they are."),
    must("mount-options.noexec", "noexec lets no program of the mount be run."),
    must(
      "mount-options.noiversion",
      "noiversion is understood as mount(8) does: it asks for no count of changes, undoing iversion.",
    ),
    must(
      "mount-options.nolazytime",
      "nolazytime makes a file system write times as it does other data, undoing lazytime.",
    ),
    may("mount-options.nomand", "nomand allows no mandatory locks on a file system, undoing mand."),
    must(
      "mount-options.norelatime",
      "norelatime is understood as mount(8) does: it undoes relatime and asks for no other mode, so that the kernel's default holds.",
    ),
    must(
      "mount-options.nostrictatime",
      "nostrictatime leaves access times to the kernel's default, undoing strictatime.",
    ),
    must(
      "mount-options.nosuid",
      "nosuid gives the set-user-ID and set-group-ID bits of the mount's programs no effect.",
    ),
    should("mount-options.nosymfollow", "nosymfollow lets no symbolic link of the mount be followed."),
    must("mount-options.private", "private takes a mount, but not those below it, out of any propagation."),
    should("mount-options.ratime", "ratime is atime for a mount and all below it."),
    must(
      "mount-options.rbind",
      "rbind shows the source's directory at the destination with all mounts below it.",
    ),
    should("mount-options.rdev", "rdev is dev for a mount and all below it."),
    should("mount-options.rdiratime", "rdiratime is diratime for a mount and all below it."),
    must(
      "mount-options.relatime",
      "relatime renews an access time only when it is older than the last change or a day, undoing noatime and strictatime.",
    ),
    must(
      "mount-options.remount",
      "remount changes the options of what is mounted at the destination, and mounts nothing new.",
    ),
    should(
      "mount-options.rexec",
      "rexec is exec for a mount and all below it (the table calls it dev, which is rdev's description).",
    ),
    should("mount-options.rnoatime", "rnoatime is noatime for a mount and all below it."),
    should("mount-options.rnodiratime", "rnodiratime is nodiratime for a mount and all below it."),
    should("mount-options.rnoexec", "rnoexec is noexec for a mount and all below it."),
    should("mount-options.rnorelatime", "rnorelatime is norelatime for a mount and all below it."),
    should("mount-options.rnostrictatime", "rnostrictatime is nostrictatime for a mount and all below it."),
    should("mount-options.rnosuid", "rnosuid is nosuid for a mount and all below it."),
    should("mount-options.rnosymfollow", "rnosymfollow is nosymfollow for a mount and all below it."),
    must("mount-options.ro", "ro makes a mount read-only, but not those below it."),
    must("mount-options.rprivate", "rprivate takes a mount and all below it out of any propagation."),
    should("mount-options.rrelatime", "rrelatime is relatime for a mount and all below it."),
    should("mount-options.rro", "rro is ro for a mount and all below it."),
    should("mount-options.rrw", "rrw is rw for a mount and all below it."),
    must("mount-options.rshared", "rshared puts a mount and each below it into a peer group."),
    must(
      "mount-options.rslave",
      "rslave makes a mount and all below it receive what happens in their peer groups, and give nothing back.",
    ),
    should("mount-options.rstrictatime", "rstrictatime is strictatime for a mount and all below it."),
    should("mount-options.rsuid", "rsuid is suid for a mount and all below it."),
    should("mount-options.rsymfollow", "rsymfollow is symfollow for a mount and all below it."),
    must(
      "mount-options.runbindable",
      "runbindable makes a mount and all below it such that they cannot be bound elsewhere.",
    ),
    must("mount-options.rw", "rw makes a mount writable, undoing ro."),
    must("mount-options.shared", "shared puts a mount, but not those below it, into a peer group."),
    must(
      "mount-options.silent",
      "silent is understood as mount(8) does: it keeps the kernel from logging what it finds while mounting.",
    ),
    must(
      "mount-options.slave",
      "slave makes a mount, but not those below it, receive what happens in its peer group, and give nothing back.",
    ),
    must("mount-options.strictatime", "strictatime renews access times at each access."),
    must(
      "mount-options.suid",
      "suid gives the set-user-ID and set-group-ID bits of the mount's programs their effect, undoing nosuid.",
    ),
    should(
      "mount-options.symfollow",
      "symfollow lets symbolic links of the mount be followed, undoing nosymfollow.",
    ),
    must("mount-options.sync", "sync makes a file system write everything at once."),
    may(
      "mount-options.tmpcopyup",
      "tmpcopyup fills a new tmpfs with what the root filesystem has at its destination.",
    ),
    must(
      "mount-options.unbindable",
      "unbindable makes a mount, but not those below it, such that it cannot be bound elsewhere.",
    ),

    should("mount-options.idmap", "idmap gives a mount, but not those below it, an ID mapping."),
    must(
      "mount-options.idmap-mappings",
      "The mapping of idmap is the one of the mount's uidMappings and gidMappings where it has them.",
    ),
    may(
      "mount-options.idmap-user-namespace",
      "For a mount without mappings of its own idmap takes those of the container's user namespace, or is an error.",
    ),
    must(
      "mount-options.idmap-nothing",
      "idmap is an error when neither the mount nor a user namespace of the container has mappings.",
    ),
    should(
      "mount-options.idmap-not-passed",
      "The word idmap is not handed to mount(2).",
      "mount(2) reads no words where it binds, and bind mounts are what has mappings: none could notice.",
    ),
    should(
      "mount-options.idmap-mount-setattr",
      "idmap is put into effect by mount_setattr(2) with MOUNT_ATTR_IDMAP.",
    ),
    should("mount-options.ridmap", "ridmap gives a mount and all below it an ID mapping."),
    must(
      "mount-options.ridmap-mappings",
      "The mapping of ridmap is the one of the mount's uidMappings and gidMappings where it has them.",
    ),
    may(
      "mount-options.ridmap-user-namespace",
      "For a mount without mappings of its own ridmap takes those of the container's user namespace, or is an error.",
    ),
    must(
      "mount-options.ridmap-nothing",
      "ridmap is an error when neither the mount nor a user namespace of the container has mappings.",
    ),
    should(
      "mount-options.ridmap-not-passed",
      "The word ridmap is not handed to mount(2).",
      "mount(2) reads no words where it binds, and bind mounts are what has mappings: none could notice.",
    ),
    should(
      "mount-options.ridmap-mount-setattr",
      "ridmap is put into effect by mount_setattr(2) with MOUNT_ATTR_IDMAP.",
    ),

    may(
      "mount-options.rnodev",
      "rnodev is nodev for a mount and all below it (the table forgot it; features.md names it).",
    ),
    must(
      "mount-options.last-wins",
      "As with mount(8), the later one of two options that contradict each other holds.",
    ),
    may(
      "mount-options.custom",
      "A runtime may have options of its own.",
      "What such an option does is for that runtime to say.",
    ),
    should(
      "mount-options.mount8",
      "Options that are not in the table but known to mount(8) do what they do there.",
    ),
    should(
      "mount-options.data",
      "Options that a runtime does not know are taken for the file system's own, and handed to mount(2) as a list with commas.",
    ),
  ),
);
