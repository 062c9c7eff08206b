#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# kernel.sh CACHE
#
# Puts what vm.sh boots into the folder CACHE, once: Debian's kernel (vmlinux, modules) and an initrd made of
# the static busybox and the few modules that reach the 9p root. Instant when all is there.
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
cache=$1

# Made anew when the kernel or one of the scripts that shape the initrd changes.
stamp=$(cat "$here/kernel.sh" "$here/initrd.sh" | cksum)
[ "$stamp" != "$(cat "$cache/stamp" 2>/dev/null)" ] || exit 0

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
[ "$stamp" != "$(cat "$cache/stamp" 2>/dev/null)" ] || exit 0

work=$(mktemp -d "$cache/new.XXXXXX")
trap 'rm -rf "$work"' EXIT

# linux-image-amd64 is empty but depends on the package of the current version.
kernel_package() {
  apt-cache depends linux-image-amd64 2>/dev/null | awk '/Depends: linux-image-/ { print $2; exit }'
}

fetch_kernel() {
  # The package is unpacked, not installed: installing would build an initramfs and touch the boot loader.
  local package
  package=$(kernel_package)
  if [ -z "$package" ] && [ "$(id -u)" = 0 ]; then
    apt-get -qq update
    package=$(kernel_package)
  fi
  [ -n "$package" ] || {
    echo "kernel.sh: apt knows no linux-image-amd64; run apt-get update as root" >&2
    exit 1
  }
  echo "kernel.sh: fetching $package" >&2
  # APT::Sandbox::User: the folder is not open to apt's own user, and apt would warn.
  (cd "$work" && apt-get -qq -o APT::Sandbox::User= download "$package")
  dpkg -x "$work"/linux-image-*.deb "$work/kernel"
  rm -rf "${cache:?}/lib" "$cache/vmlinux"
  mv "$work/kernel/lib" "$cache/lib"
  depmod -b "$cache" "$(ls "$cache/lib/modules")"
  unpack_kernel "$work"/kernel/boot/vmlinuz-* >"$work/vmlinux"
  mv "$work/vmlinux" "$cache/vmlinux"
}

# QEMU boots the ELF image inside a bzImage directly (PVH). That saves the machine from unpacking it, which
# takes seconds under emulation.
unpack_kernel() {
  local offset
  offset=$(LC_ALL=C grep -abo -m 1 $'\xfd7zXZ' "$1" | head -n 1 | cut -d: -f1)
  # What follows the xz stream makes xz complain at the end; the output is whole by then.
  tail -c "+$((offset + 1))" "$1" | xz -dc --single-stream 2>/dev/null || true
}

[ -e "$cache/vmlinux" ] || fetch_kernel
"$here/initrd.sh" "$cache"/lib/modules/* "$work/initrd"
mv "$work/initrd" "$cache/initrd"
echo "$stamp" >"$cache/stamp"
