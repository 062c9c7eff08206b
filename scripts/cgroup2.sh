#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# cgroup2.sh COMMAND [ARGUMENT...]
#
# Runs COMMAND where /sys/fs/cgroup is a pure cgroup2 tree. Where it already is one, COMMAND just runs. On a
# machine that still mounts cgroup v1 it gets a mount namespace of its own, in which cgroup2 lies over the v1
# mounts; the machine's own mounts stay as they are. Controllers that v1 holds are then missing from the tree:
# the lifecycle, the freezer, cgroup.kill and device programs work there, limits do not (see with-limits.sh).
set -euo pipefail

[ $# -gt 0 ] || {
  echo "usage: cgroup2.sh COMMAND [ARGUMENT...]" >&2
  exit 2
}

[ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ] || exec "$@"

[ "$(id -u)" = 0 ] || {
  echo "cgroup2.sh: /sys/fs/cgroup is not cgroup2 here, and only root can mount one" >&2
  exit 1
}

# The v1 mounts are taken away, not covered: the runtime finds the tree through /proc/self/mountinfo and must
# not meet a second cgroup2 (v1 machines often mount one at /sys/fs/cgroup/unified).
# shellcheck disable=SC2016 # the inner shell expands these
exec unshare --mount --propagation private bash -euc '
  umount --recursive /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  exec "$@"
' cgroup2.sh "$@"
