#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# debian.sh
#
# Makes the rootfs of a small Debian 12 with Python as a tar archive, once, in the folder that cache.sh names, and
# prints the archive's path. Engines import it as an image. Instant when it is there.
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
cache=$("$here/cache.sh")
# Made anew when this file changes.
archive=$cache/debian-python3-$(cksum <"$here/debian.sh" | cut -d ' ' -f 1).tar

make_archive() {
  local work
  work=$(mktemp -d "$cache/new.XXXXXX")
  # shellcheck disable=SC2064 # its value of now
  trap "rm -rf '$work'" EXIT
  echo "debian.sh: making $archive" >&2
  # The tar archive is read slowly in an emulated machine: what nobody reads there is left out.
  mmdebstrap --quiet --variant=essential --include=python3 --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/zoneinfo/*' \
    --customize-hook='cd "$1/usr" && rm -rf share/perl* lib/*-linux-gnu/perl lib/*-linux-gnu/gconv' \
    bookworm "$work/debian.tar" >&2
  rm -f "$cache"/debian-python3-*.tar
  mv "$work/debian.tar" "$archive"
}

mkdir -p "$cache"
exec 9>"$cache/debian.lock"
flock 9
[ -e "$archive" ] || make_archive
echo "$archive"
