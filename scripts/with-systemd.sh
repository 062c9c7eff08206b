#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# with-systemd.sh [-t SECONDS] COMMAND [ARGUMENT...]
#
# Runs COMMAND as root where systemd is process 1 over a cgroup2 tree: right here when that is so, else in a throw-away
# virtual machine (vm.sh -s), always with RUNTS_VM=always. It is stopped after SECONDS (default 600).
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
seconds=600

while getopts t: flag; do
  case $flag in
    t) seconds=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))

systemd_works_here() {
  [ "${RUNTS_VM:-}" != always ] && [ "$(id -u)" = 0 ] && [ -d /run/systemd/system ] || return 1
  [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]
}

if systemd_works_here; then exec timeout "$seconds" "$@"; fi
exec "$here/vm.sh" -s -t "$seconds" "$here/vm/devices.sh" "$@"
