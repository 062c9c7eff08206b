#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# vm.sh [-s] [-m MEMORY] [-t SECONDS] [-o OUTDIR] [-l MODULE] COMMAND [ARGUMENT...]
#
# Runs COMMAND as root in a throw-away virtual machine (QEMU, software emulation unless RUNTS_VM_ACCEL says
# otherwise) with Debian's kernel, a cgroup2 tree with every controller, all capabilities, two memory nodes, and
# AppArmor, or the security module given (selinux: see vm/selinux.sh, which loads a policy). Its root
# is this machine's / seen read-only through 9p, under a tmpfs overlay: what is built and installed here is there,
# and nothing it writes comes back, except what goes to OUTDIR (there: /run/vm/out).
# With -s systemd is process 1 (with a D-Bus, and managers for users that are asked for), and COMMAND is a service of it.
# COMMAND runs in the same working directory and PATH, without standard input; its standard output and standard
# error arrive here on their own streams.
#
# Exit code: COMMAND's; 124 when SECONDS (default 600) have passed; 125 when the machine never got that far.
# Needs no KVM and no root, only the packages of `setup.sh test`. The kernel is fetched once and kept in
# RUNTS_VM_CACHE (default /var/cache/runts-vm for root, else ~/.cache/runts-vm).
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
memory=4G seconds=600 outdir='' module=apparmor systemd=''

fail() {
  echo "vm.sh: $*" >&2
  exit 125
}

while getopts sm:t:o:l: flag; do
  case $flag in
    s) systemd=1 ;;
    m) memory=$OPTARG ;;
    t) seconds=$OPTARG ;;
    o) outdir=$OPTARG ;;
    l) module=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || {
  echo "usage: vm.sh [-s] [-m MEMORY] [-t SECONDS] [-o OUTDIR] [-l MODULE] COMMAND [ARGUMENT...]" >&2
  exit 2
}
command -v qemu-system-x86_64 >/dev/null || fail "qemu-system-x86_64 is missing (scripts/setup.sh test)"

cache=$("$here/vm/cache.sh")
"$here/vm/kernel.sh" "$cache" || fail "no kernel to boot"

# The machine reads what to do from this folder and leaves COMMAND's exit code in it.
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
printf '%s\0' "$@" >"$run/command"
printf '%s' "$PWD" >"$run/cwd"
printf '%s' "$PATH" >"$run/path"
printf '%s' "$here/vm/boot.sh" >"$run/boot"
printf '%s' "$cache" >"$run/cache"
[ -z "$systemd" ] || touch "$run/systemd"

shares=(
  -virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"
  -virtfs "local,path=$run,mount_tag=run,security_model=none,multidevs=remap"
)
if [ -n "$outdir" ]; then
  mkdir -p "$outdir" "$run/out"
  shares+=(-virtfs "local,path=$(realpath "$outdir"),mount_tag=out,security_model=none,multidevs=remap")
fi

# COMMAND's two streams come through ports of a virtio serial device, which carry bytes as they are; a console
# would mix them with the kernel's words and add carriage returns. Here they pass a pipe, because QEMU wants a file
# open for writing only, and ours may be a terminal; append=on keeps it from truncating, which a pipe refuses.
exec 3> >(exec cat)
stdout=$!
exec 4> >(exec cat >&2 3>&-)
stderr=$!
# shellcheck disable=SC2054 # the commas are QEMU's
streams=(
  -device virtio-serial-pci
  -add-fd fd=3,set=3 -chardev file,path=/dev/fdset/3,append=on,id=stdout
  -add-fd fd=4,set=4 -chardev file,path=/dev/fdset/4,append=on,id=stderr
  -device virtserialport,chardev=stdout,name=stdout
  -device virtserialport,chardev=stderr,name=stderr
)

# Two memory nodes, or a policy about nodes would have nothing to choose from.
half=$(($(numfmt --from=iec "$memory") / 2))
nodes=()
for node in 0 1; do
  nodes+=(-object "memory-backend-ram,size=$half,id=memory$node" -numa "node,memdev=memory$node,cpus=$node")
done

# Beside us, and waited for, so that whoever ends us ends the machine as well: bash takes no signal while a program is
# in its foreground.
timeout --foreground --kill-after=5 "$seconds" qemu-system-x86_64 \
  -accel "${RUNTS_VM_ACCEL:-tcg,thread=multi}" -cpu max -smp 2 -m "$memory" "${nodes[@]}" \
  -display none -monitor none -nic none -no-reboot -serial "file:$run/console.log" \
  -kernel "$cache/vmlinux" -initrd "$cache/initrd" \
  -append "console=ttyS0 panic=-1 quiet loglevel=4 mitigations=off $module=1 security=$module" \
  "${shares[@]}" "${streams[@]}" </dev/null >"$run/qemu.log" 2>&1 &
machine=$!
trap 'kill "$machine"' TERM INT HUP

# Once in many hours an emulated machine comes to stand still: both its processors turn, and no timer of it goes off.
watch_over() {
  while sleep 20; do
    [ -e "$run/alive" ] || continue
    [ $(($(date +%s) - $(stat -c %Y "$run/alive"))) -gt 240 ] || continue
    touch "$run/still"
    kill "$machine"
    return
  done
}
watch_over >/dev/null 2>&1 3>&- 4>&- &
watcher=$!
status=0
wait "$machine" || status=$?
trap - TERM INT HUP
kill "$watcher" 2>/dev/null || true
exec 3>&- 4>&-
wait $stdout $stderr

[ ! -e "$run/still" ] || {
  echo "vm.sh: the machine stood still for four minutes" >&2
  exit 75
}
[ "$status" != 124 ] || {
  echo "vm.sh: stopped after $seconds seconds" >&2
  exit 124
}
[ -s "$run/status" ] || {
  tail -n 20 "$run/console.log" "$run/qemu.log" >&2 || true
  fail "the machine stopped before the command ended; its console and QEMU's words are above"
}
exit "$(cat "$run/status")"
