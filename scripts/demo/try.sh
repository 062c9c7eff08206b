# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=dash
#
# What the process in the container tries and should not be able to do. Never run outside of it.

attempt() {
  what=$1
  shift
  if refusal=$("$@" 2>&1); then refusal="done: it was NOT refused"; fi
  say "try $what" "$(printf '%s' "$refusal" | head -n 1)"
}

write_setting() {
  echo changed >/proc/sys/kernel/domainname
}

attempt "change the host name" hostname changed
attempt "write to the root file system" touch /changed
attempt "mount something" mount -t tmpfs none /tmp
attempt "make a node of a disk" mknod /dev/shm/disk b 8 0
attempt "change a setting of the kernel" write_setting
attempt "make a user namespace" unshare -U true
