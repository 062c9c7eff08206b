#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# bundle.sh DIR
#
# Makes the folder DIR into a bundle without config.json (`runts spec -b DIR` writes that): DIR/rootfs holds
# Debian's static busybox, every applet as a relative link to it, and the few folders and files that programs
# expect. Needs no root.
set -euo pipefail

[ $# = 1 ] || {
  echo "usage: bundle.sh DIR" >&2
  exit 2
}
busybox=/bin/busybox
# ldd fails on a static program.
if [ ! -x $busybox ] || ldd $busybox >/dev/null 2>&1; then
  echo "bundle.sh: no static busybox at $busybox (scripts/setup.sh build)" >&2
  exit 1
fi

rootfs=$1/rootfs
mkdir -p "$rootfs"/{bin,dev,etc,proc,root,run,sys,tmp,var}
chmod 1777 "$rootfs/tmp"
chmod 700 "$rootfs/root"
# Replaced, not overwritten: the old file may be running.
cp --remove-destination $busybox "$rootfs/bin/busybox"

# One process for all of the 270 links, each of which would take an emulated machine a tenth of a second.
$busybox --list | (
  cd "$rootfs/bin"
  perl -ne 'chomp; next if $_ eq "busybox"; unlink $_; symlink "busybox", $_ or die "$_: $!\n"'
)
# The merged layout of today's distributions, relative, so that no link leads out of the rootfs.
ln -sfn bin "$rootfs/sbin"
mkdir -p "$rootfs/usr"
ln -sfn ../bin "$rootfs/usr/bin"
ln -sfn ../bin "$rootfs/usr/sbin"

cat >"$rootfs/etc/passwd" <<'PASSWD'
root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/bin/false
PASSWD
cat >"$rootfs/etc/group" <<'GROUP'
root:x:0:
tty:x:5:
nogroup:x:65534:
GROUP
