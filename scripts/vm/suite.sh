#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# suite.sh SUITE
#
# Makes the root file system of another Debian (trixie, sid) with its container engines, once, in the folder that
# cache.sh names, and prints its path: engines that are newer than this machine's, for enter.sh. Needs root and
# mmdebstrap; 700 MB.
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
suite=$1
cache=$("$here/cache.sh")
root=$cache/$suite

packages=(
  containerd containernetworking-plugins docker.io docker-cli podman conmon catatonit netavark aardvark-dns runc crun
  iptables nftables tini nodejs busybox-static git mount util-linux bsdutils procps iproute2 kmod
)

mkdir -p "$cache"
exec 9>"$cache/$suite.lock"
flock 9
if [ ! -e "$root.made" ]; then
  rm -rf "$root"
  echo "suite.sh: making $root" >&2
  include=$(
    IFS=,
    echo "${packages[*]}"
  )
  mmdebstrap --quiet --mode=root --variant=apt --format=directory --skip=check/chroot --include="$include" \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' "$suite" "$root" >&2
  touch "$root.made"
fi
echo "$root"
