#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# with-limits.sh [-s] [-t SECONDS] COMMAND [ARGUMENT...]
#
# Runs COMMAND as root where cgroup v2 limits can be tested: right here when this machine has a cgroup2 tree with
# the memory, cpu and pids controllers and we are root, else in a throw-away virtual machine (vm.sh). With -s systemd
# must be process 1 there. It is stopped after SECONDS (default 600). The virtual machine has what vm/devices.sh adds
# to set limits on; RUNTS_VM=always asks for it in any case.
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
seconds=600
systemd=()

while getopts st: flag; do
  case $flag in
    s) systemd=(-s) ;;
    t) seconds=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))

limits_work_here() {
  [ "${RUNTS_VM:-}" != always ] && [ "$(id -u)" = 0 ] || return 1
  [ ${#systemd[@]} = 0 ] || [ -d /run/systemd/system ] || return 1
  [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] || return 1
  # In a container the root of the tree may be read-only, or lend no controllers.
  [ -w /sys/fs/cgroup/cgroup.subtree_control ] || return 1
  local controllers
  controllers=" $(cat /sys/fs/cgroup/cgroup.controllers) "
  [[ $controllers == *' memory '* && $controllers == *' cpu '* && $controllers == *' pids '* ]]
}

if limits_work_here; then exec timeout "$seconds" "$@"; fi
exec "$here/vm.sh" "${systemd[@]}" -t "$seconds" "$here/vm/devices.sh" "$@"
