umount -R /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup
strace -f -o /tmp/pt/st -e trace=kill,clone,unshare,clone3,setns,pidfd_send_signal crun run -b /tmp/pt/b5 z
echo rc $?
