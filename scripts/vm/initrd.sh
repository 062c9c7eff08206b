#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# initrd.sh MODULES FILE
#
# Makes the initrd of vm.sh: busybox, the modules (from the folder MODULES, as /lib/modules/VERSION is) on the way
# to the 9p root, and an init that lays an overlay over that root and goes on there with boot.sh.
set -euo pipefail

modules=$1 file=$2
# In the order in which they must be loaded.
names="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_console \
  netfs fscache 9pnet 9pnet_virtio 9p overlay"

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree"/{bin,modules,proc,dev,host,rw,root}
cp /bin/busybox "$tree/bin/"
for name in $names; do
  path=$(find "$modules" -name "$name.ko")
  [ -n "$path" ] || continue # built in
  cp "$path" "$tree/modules/"
  echo "$name" >>"$tree/modules/order"
done

cat >"$tree/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
while read -r name; do insmod "/modules/$name.ko"; done </modules/order
share="trans=virtio,version=9p2000.L,msize=1048576"
mount -t 9p -o "$share,ro,cache=loose" host /host
mount -t tmpfs -o size=75% tmpfs /rw
mkdir /rw/upper /rw/work
mount -t overlay -o lowerdir=/host,upperdir=/rw/upper,workdir=/rw/work root /root
mount -t tmpfs -o mode=755 run /root/run
mkdir /root/run/vm
mount -t 9p -o "$share" run /root/run/vm
mount --move /dev /root/dev
umount /proc
exec switch_root /root /bin/bash "$(cat /root/run/vm/boot)"
INIT
chmod +x "$tree/init"
(cd "$tree" && find . | cpio --quiet -o -H newc | gzip -1) >"$file"
