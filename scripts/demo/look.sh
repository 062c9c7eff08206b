# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=dash
#
# What a process sees around it: on each line a name, a tab, and what it sees. Runs in busybox's shell, in the
# container and, for comparison, outside; it changes nothing.

say() {
  printf '%s\t%s\n' "$1" "$2"
}

status() {
  sed -n "s/^$1:[[:space:]]*//p" /proc/$$/status
}

say pid $$
say first "$(cat /proc/1/comm)"
set -- /proc/[0-9]*
say processes $#
say hostname "$(cat /proc/sys/kernel/hostname)"
say interfaces "$(sed '1,2d; s/:.*//' /proc/net/dev | xargs)"
say mounts "$(wc -l </proc/self/mountinfo)"
say mountpoints "$(cut -d ' ' -f 5 /proc/self/mountinfo | xargs)"
say root "$(sed -n 's,^[0-9]* [0-9]* [^ ]* [^ ]* / \(r[ow]\).*,\1,p' /proc/self/mountinfo | tail -n 1)"
say uid "$(id -u)"
say capabilities "$(status CapEff)"
say no_new_privs "$(status NoNewPrivs)"
say seccomp "$(status Seccomp)"
say files "$(ulimit -n)"
say filesize "$(ulimit -f)"
for file in memory.max pids.max cpu.max; do
  [ ! -r /sys/fs/cgroup/$file ] || say $file "$(cat /sys/fs/cgroup/$file)"
done
