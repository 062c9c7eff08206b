#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# setup.sh [build|test]...
#
# Installs what is missing on Debian 12 with Node 20 or newer and npm: the packages to build with (build), those
# that the tests need besides (test), and the npm packages of the lock file. Without root it installs no Debian
# package but says, on one line, which are missing. At once done when nothing is.
set -euo pipefail

cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."

build=(
  cmake ninja-build make gcc g++ pkg-config python3 musl-tools linux-libc-dev
  libseccomp-dev libmd-dev   # static libraries: seccomp filters, the hash of their cache
  libdbus-1-dev              # a static library, and a shared one for the addon: scopes of systemd
  busybox-static             # rootfs of the demo and of the tests
  uidmap                     # newuidmap and newgidmap, for containers without root
)
tests=(
  qemu-system-x86 cpio xz-utils kmod iproute2       # the virtual machine (vm.sh)
  crun runc                                         # runtimes to compare with
  systemd dbus dbus-user-session libpam-systemd     # scopes: a machine whose process 1 it is (vm.sh -s)
  containerd                                        # the engine, with ctr and the CRI plugin
  podman conmon catatonit                           # the engine; catatonit is its --init
  netavark aardvark-dns iptables                    # its bridge network
  containernetworking-plugins                       # networks of containerd's pods
  slirp4netns                                       # its network without root
  docker.io tini mmdebstrap                         # the engine, its --init, and what makes images (vm/debian.sh)
  apparmor                                          # apparmor_parser: with it Podman confines its containers
  criu                                              # checkpoint and restore
  secilc                                            # a policy for SELinux in that machine (vm/selinux.sh)
  clang-format strace bsdutils procps util-linux
)

fail() {
  echo "setup.sh: $*" >&2
  exit 1
}

# Prints those of the packages that are not installed (state ii, or hi when held), asking dpkg once.
missing_packages() {
  command -v dpkg-query >/dev/null || fail "this is not Debian; install the like of: $*"
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package} ' "$@" 2>/dev/null || true)
  local package
  for package; do
    [[ " $installed" == *"i $package "* ]] || echo "$package"
  done
}

install_packages() {
  local -a missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || fail "as root: apt-get install --no-install-recommends ${missing[*]}"
  echo "setup.sh: installing ${missing[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  # Lists that are old name versions that the mirror no longer has.
  apt-get -qq update || true
  apt-get -qq install --no-install-recommends "${missing[@]}" >/dev/null
}

# npm keeps a copy of the lock file it has installed from, so its age tells.
install_npm_packages() {
  local major
  major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || fail "Node.js 20 or newer is missing"
  [ "$major" -ge 20 ] || fail "Node.js 20 or newer is needed, this is $major"
  [ ! -e node_modules/.package-lock.json ] || [ node_modules/.package-lock.json -ot package-lock.json ] || return 0
  echo "setup.sh: npm ci" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
}

[ $# -gt 0 ] || set -- build
packages=()
for part; do
  case $part in
    build) packages+=("${build[@]}") ;;
    test) packages+=("${tests[@]}") ;;
    *) fail "unknown part: $part (build or test)" ;;
  esac
done
install_packages "${packages[@]}"
install_npm_packages
