#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# systemd-root.sh CACHE
#
# Makes CACHE/systemd-root, once: the root file system of a small Debian with systemd and D-Bus, for containers that
# boot it. Needs root, mmdebstrap, and Debian's mirror. Instant when it is there.
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
cache=$1

# Made anew when this script changes.
stamp=$(cksum <"$here/systemd-root.sh")
[ "$stamp" != "$(cat "$cache/systemd-root.stamp" 2>/dev/null)" ] || exit 0
[ "$(id -u)" = 0 ] || {
  echo "systemd-root.sh: only root can make it" >&2
  exit 1
}

mkdir -p "$cache"
exec 9>"$cache/systemd-root.lock"
flock 9
[ "$stamp" != "$(cat "$cache/systemd-root.stamp" 2>/dev/null)" ] || exit 0

echo "systemd-root.sh: making a root file system with systemd" >&2
rm -rf "${cache:?}/systemd-root"
# shellcheck disable=SC2016 # mmdebstrap's shell expands $1
mmdebstrap --quiet --mode=root --variant=minbase --format=directory --include=systemd,systemd-sysv,dbus \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/etc/machine-id && : >"$1"/etc/machine-id' \
  bookworm "$cache/systemd-root"
echo "$stamp" >"$cache/systemd-root.stamp"
