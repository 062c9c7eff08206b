#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# boot.sh: process 1 of vm.sh's machine, started by the initrd on the overlay over the host's root. It mounts what
# an ordinary system would have mounted, runs the command that /run/vm describes, and switches the machine off. With
# systemd it becomes systemd, which then starts it once more, as the one service of the machine.
set -uo pipefail

run=/run/vm
PATH=$(cat $run/path):/usr/local/sbin:/usr/sbin:/sbin
export PATH HOME=/root TERM=dumb LANG=C.UTF-8 RUNTS_IN_VM=1

mount_system() {
  mount -t proc proc /proc
  mount -t sysfs sysfs /sys
  mount -t securityfs securityfs /sys/kernel/security
  mount -t bpf bpf /sys/fs/bpf
  mount -t tracefs tracefs /sys/kernel/tracing
  ln -s /proc/self/fd /dev/fd
  ln -s fd/0 /dev/stdin
  ln -s fd/1 /dev/stdout
  ln -s fd/2 /dev/stderr
  mkdir -p /dev/pts /dev/shm /dev/mqueue
  mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
  mount -t tmpfs -o mode=1777 shm /dev/shm
  mount -t mqueue mqueue /dev/mqueue
  # Container storage makes overlays of its own, and one overlay cannot be the upper side of another.
  local dir
  for dir in /var/lib/containers /var/lib/containerd /var/lib/docker; do
    mkdir -p $dir && mount -t tmpfs tmpfs $dir
  done
  [ ! -d $run/out ] || mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576 out $run/out
}

# cgroup2 forbids processes beside child cgroups that have controllers, so this one moves aside first.
mount_cgroups() {
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  mkdir /sys/fs/cgroup/init
  echo $$ >/sys/fs/cgroup/init/cgroup.procs
  sed 's/[a-z]*/+&/g' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control
}

set_up_kernel() {
  mkdir -p /lib/modules
  mount --bind "$(cat $run/cache)/lib/modules" /lib/modules
  echo vm >/proc/sys/kernel/hostname
  ip link set lo up
  ulimit -n 1048576
}

# The device file of the virtio port with this name.
port() {
  local name
  for name in /sys/class/virtio-ports/*/name; do
    [ "$(cat "$name")" != "$1" ] || echo "/dev/$(basename "$(dirname "$name")")"
  done
}

# A port can be opened once only, so a cat holds each: a program may open its /dev/stderr again.
run_command() {
  local -a command
  local stdout stderr status=0
  mapfile -d '' command <$run/command
  cd "$(cat $run/cwd)" || return 125
  exec 3> >(exec cat >"$(port stdout)")
  stdout=$!
  exec 4> >(exec cat >"$(port stderr)" 3>&-)
  stderr=$!
  "${command[@]}" </dev/null >&3 2>&4 3>&- 4>&- || status=$?
  exec 3>&- 4>&-
  # A process that the command left behind may hold the streams open for ever.
  (sleep 5 && kill $stdout $stderr) 2>/dev/null &
  wait $stdout $stderr
  return $status
}

# The machine's / is another's, with units of its own: only what a command needs is started.
become_systemd() {
  local units=/run/systemd/system unit
  mkdir -p $units
  : >/etc/fstab
  rm -f /.dockerenv
  # the first would empty /tmp, which is the host's
  for unit in systemd-tmpfiles-setup.service timers.target apparmor.service systemd-firstboot.service; do
    ln -s /dev/null $units/$unit
  done
  cat >$units/vm.target <<'UNIT'
[Unit]
Requires=basic.target
Wants=vm.service dbus.socket
UNIT
  cat >$units/vm.service <<UNIT
[Unit]
After=basic.target dbus.socket
[Service]
Environment=RUNTS_VM_SERVICE=1
ExecStart=/bin/bash $(cat $run/boot)
StandardOutput=tty
StandardError=tty
TTYPath=/dev/console
LimitNOFILE=1048576
LimitMEMLOCK=infinity
Delegate=yes
UNIT
  exec /lib/systemd/systemd --unit=vm.target --show-status=no --log-target=null </dev/null
}

if [ -n "${RUNTS_VM_SERVICE:-}" ]; then
  export RUNTS_VM_SYSTEMD=1
  # udev is still loading modules for what it has found; tests compare /dev before and after
  udevadm settle --timeout=60 || true
else
  mount_system
  [ -e $run/systemd ] || mount_cgroups
  set_up_kernel
  [ ! -e $run/systemd ] || become_systemd
fi
# A sign of life, which vm.sh looks at.
(while :; do
  date >$run/alive
  sleep 10
done) &
run_command
echo $? >$run/status
sync
echo o >/proc/sysrq-trigger
sleep 10
