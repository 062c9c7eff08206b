#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# enter.sh ROOT COMMAND [ARGUMENT...]
#
# Inside the virtual machine: makes ROOT (of suite.sh) the root of a mount namespace, with this repository at its place,
# and runs COMMAND there in the same working directory.
#
#   scripts/with-limits.sh scripts/vm/enter.sh "$(scripts/vm/suite.sh trixie)" node test/podman/main.js
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
repository=$(realpath "$here/../..")

if [ "${1:-}" != --inside ]; then
  root=$1
  shift
  # A tree of mounts of its own, or pivot_root would be refused and runtimes could not make / private.
  exec unshare --mount "$0" --inside "$root" "$@"
fi

root=$2
shift 2
cwd=$PWD
mount --bind "$root" "$root"
for folder in proc sys dev run lib/modules; do
  [ -d "/$folder" ] || continue
  mkdir -p "$root/$folder"
  mount --rbind "/$folder" "$root/$folder"
done
# Container storage makes overlays of its own, and one overlay cannot be the upper side of another.
for folder in containers containerd docker; do
  mkdir -p "$root/var/lib/$folder"
  mount -t tmpfs tmpfs "$root/var/lib/$folder"
done
for folder in "$repository" "$("$here/cache.sh")"; do
  mkdir -p "$root$folder"
  mount --rbind "$folder" "$root$folder"
done
cd "$root"
pivot_root . mnt
umount --lazy /mnt
cd "$cwd"
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin exec "$@"
