// SPDX-License-Identifier: Apache-2.0

#include "call_numbers.h"

#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

// Only older architectures have these.
#ifndef SYS__sysctl
#define SYS__sysctl -1
#endif
#ifndef SYS_access
#define SYS_access -1
#endif
#ifndef SYS_alarm
#define SYS_alarm -1
#endif
#ifndef SYS_arch_prctl
#define SYS_arch_prctl -1
#endif
#ifndef SYS_chmod
#define SYS_chmod -1
#endif
#ifndef SYS_chown
#define SYS_chown -1
#endif
#ifndef SYS_creat
#define SYS_creat -1
#endif
#ifndef SYS_dup2
#define SYS_dup2 -1
#endif
#ifndef SYS_epoll_create
#define SYS_epoll_create -1
#endif
#ifndef SYS_eventfd
#define SYS_eventfd -1
#endif
#ifndef SYS_fork
#define SYS_fork -1
#endif
#ifndef SYS_getdents
#define SYS_getdents -1
#endif
#ifndef SYS_getpgrp
#define SYS_getpgrp -1
#endif
#ifndef SYS_inotify_init
#define SYS_inotify_init -1
#endif
#ifndef SYS_ioperm
#define SYS_ioperm -1
#endif
#ifndef SYS_iopl
#define SYS_iopl -1
#endif
#ifndef SYS_kexec_file_load
#define SYS_kexec_file_load -1
#endif
#ifndef SYS_lchown
#define SYS_lchown -1
#endif
#ifndef SYS_link
#define SYS_link -1
#endif
#ifndef SYS_lstat
#define SYS_lstat -1
#endif
#ifndef SYS_mkdir
#define SYS_mkdir -1
#endif
#ifndef SYS_mknod
#define SYS_mknod -1
#endif
#ifndef SYS_modify_ldt
#define SYS_modify_ldt -1
#endif
#ifndef SYS_nfsservctl
#define SYS_nfsservctl -1
#endif
#ifndef SYS_open
#define SYS_open -1
#endif
#ifndef SYS_pause
#define SYS_pause -1
#endif
#ifndef SYS_pipe
#define SYS_pipe -1
#endif
#ifndef SYS_poll
#define SYS_poll -1
#endif
#ifndef SYS_readlink
#define SYS_readlink -1
#endif
#ifndef SYS_rename
#define SYS_rename -1
#endif
#ifndef SYS_rmdir
#define SYS_rmdir -1
#endif
#ifndef SYS_select
#define SYS_select -1
#endif
#ifndef SYS_signalfd
#define SYS_signalfd -1
#endif
#ifndef SYS_stat
#define SYS_stat -1
#endif
#ifndef SYS_symlink
#define SYS_symlink -1
#endif
#ifndef SYS_sysfs
#define SYS_sysfs -1
#endif
#ifndef SYS_time
#define SYS_time -1
#endif
#ifndef SYS_unlink
#define SYS_unlink -1
#endif
#ifndef SYS_uselib
#define SYS_uselib -1
#endif
#ifndef SYS_ustat
#define SYS_ustat -1
#endif
#ifndef SYS_utime
#define SYS_utime -1
#endif
#ifndef SYS_utimes
#define SYS_utimes -1
#endif

// vfork is not here: it cannot be called through a function.
static const struct {
    const char *name;
    long number;
} calls[] = {
#define CALL(name)                                                                                           \
    {                                                                                                        \
#name, SYS_##name                                                                                    \
    }
    CALL(_sysctl),
    CALL(accept),
    CALL(access),
    CALL(acct),
    CALL(add_key),
    CALL(alarm),
    CALL(arch_prctl),
    CALL(bind),
    CALL(bpf),
    CALL(brk),
    CALL(capget),
    CALL(capset),
    CALL(chdir),
    CALL(chmod),
    CALL(chown),
    CALL(chroot),
    CALL(clock_settime),
    CALL(clone),
    CALL(close),
    CALL(connect),
    CALL(creat),
    CALL(delete_module),
    CALL(dup),
    CALL(dup2),
    CALL(dup3),
    CALL(epoll_create),
    CALL(epoll_create1),
    CALL(eventfd),
    CALL(eventfd2),
    CALL(execve),
    CALL(execveat),
    CALL(exit),
    CALL(exit_group),
    CALL(faccessat),
    CALL(fanotify_init),
    CALL(fchdir),
    CALL(fchmod),
    CALL(fchmodat),
    CALL(fchown),
    CALL(fchownat),
    CALL(fcntl),
    CALL(finit_module),
    CALL(flock),
    CALL(fork),
    CALL(fsconfig),
    CALL(fsmount),
    CALL(fsopen),
    CALL(fspick),
    CALL(fstatfs),
    CALL(fsync),
    CALL(ftruncate),
    CALL(futex),
    CALL(get_mempolicy),
    CALL(getcpu),
    CALL(getcwd),
    CALL(getdents),
    CALL(getegid),
    CALL(geteuid),
    CALL(getgid),
    CALL(getgroups),
    CALL(getitimer),
    CALL(getpeername),
    CALL(getpgid),
    CALL(getpgrp),
    CALL(getpid),
    CALL(getppid),
    CALL(getpriority),
    CALL(getrandom),
    CALL(getresgid),
    CALL(getresuid),
    CALL(getrusage),
    CALL(getsid),
    CALL(getsockname),
    CALL(gettid),
    CALL(gettimeofday),
    CALL(getuid),
    CALL(getxattr),
    CALL(init_module),
    CALL(inotify_init),
    CALL(inotify_init1),
    CALL(io_setup),
    CALL(io_uring_enter),
    CALL(io_uring_register),
    CALL(io_uring_setup),
    CALL(ioctl),
    CALL(ioperm),
    CALL(iopl),
    CALL(ioprio_get),
    CALL(ioprio_set),
    CALL(kcmp),
    CALL(kexec_file_load),
    CALL(kexec_load),
    CALL(keyctl),
    CALL(kill),
    CALL(lchown),
    CALL(link),
    CALL(linkat),
    CALL(listen),
    CALL(listxattr),
    CALL(lookup_dcookie),
    CALL(lseek),
    CALL(lstat),
    CALL(madvise),
    CALL(mbind),
    CALL(membarrier),
    CALL(memfd_create),
    CALL(migrate_pages),
    CALL(mincore),
    CALL(mkdir),
    CALL(mkdirat),
    CALL(mknod),
    CALL(mknodat),
    CALL(mlock),
    CALL(mlockall),
    CALL(modify_ldt),
    CALL(mount),
    CALL(move_mount),
    CALL(move_pages),
    CALL(mprotect),
    CALL(mq_open),
    CALL(mremap),
    CALL(msgget),
    CALL(munlock),
    CALL(munmap),
    CALL(name_to_handle_at),
    CALL(nanosleep),
    CALL(nfsservctl),
    CALL(open),
    CALL(open_by_handle_at),
    CALL(open_tree),
    CALL(openat),
    CALL(pause),
    CALL(perf_event_open),
    CALL(personality),
    CALL(pidfd_open),
    CALL(pidfd_send_signal),
    CALL(pipe),
    CALL(pipe2),
    CALL(pivot_root),
    CALL(pkey_alloc),
    CALL(poll),
    CALL(ppoll),
    CALL(prctl),
    CALL(prlimit64),
    CALL(process_vm_readv),
    CALL(process_vm_writev),
    CALL(ptrace),
    CALL(quotactl),
    CALL(read),
    CALL(readahead),
    CALL(readlink),
    CALL(readlinkat),
    CALL(reboot),
    CALL(removexattr),
    CALL(rename),
    CALL(renameat2),
    CALL(request_key),
    CALL(rmdir),
    CALL(rseq),
    CALL(rt_sigpending),
    CALL(rt_sigqueueinfo),
    CALL(sched_get_priority_max),
    CALL(sched_getaffinity),
    CALL(sched_getattr),
    CALL(sched_getparam),
    CALL(sched_getscheduler),
    CALL(sched_setaffinity),
    CALL(sched_setattr),
    CALL(sched_setparam),
    CALL(sched_setscheduler),
    CALL(sched_yield),
    CALL(seccomp),
    CALL(select),
    CALL(semget),
    CALL(set_mempolicy),
    CALL(set_robust_list),
    CALL(set_tid_address),
    CALL(setdomainname),
    CALL(setfsgid),
    CALL(setfsuid),
    CALL(setgid),
    CALL(setgroups),
    CALL(sethostname),
    CALL(setitimer),
    CALL(setns),
    CALL(setpgid),
    CALL(setpriority),
    CALL(setregid),
    CALL(setresgid),
    CALL(setresuid),
    CALL(setreuid),
    CALL(setsid),
    CALL(setsockopt),
    CALL(settimeofday),
    CALL(setuid),
    CALL(setxattr),
    CALL(shmget),
    CALL(shutdown),
    CALL(sigaltstack),
    CALL(signalfd),
    CALL(signalfd4),
    CALL(socket),
    CALL(socketpair),
    CALL(splice),
    CALL(stat),
    CALL(statfs),
    CALL(statx),
    CALL(swapoff),
    CALL(swapon),
    CALL(symlink),
    CALL(symlinkat),
    CALL(sync),
    CALL(syncfs),
    CALL(sysfs),
    CALL(sysinfo),
    CALL(syslog),
    CALL(tee),
    CALL(tgkill),
    CALL(time),
    CALL(timer_create),
    CALL(timerfd_create),
    CALL(times),
    CALL(tkill),
    CALL(truncate),
    CALL(umask),
    CALL(umount2),
    CALL(uname),
    CALL(unlink),
    CALL(unlinkat),
    CALL(unshare),
    CALL(uselib),
    CALL(userfaultfd),
    CALL(ustat),
    CALL(utime),
    CALL(utimensat),
    CALL(utimes),
    CALL(vhangup),
    CALL(vmsplice),
    CALL(wait4),
    CALL(write),
    // the same everywhere, and newer than some headers
    {"clone3", 435},
    {"close_range", 436},
    {"openat2", 437},
    {"pidfd_getfd", 438},
    {"faccessat2", 439},
    {"process_madvise", 440},
    {"epoll_pwait2", 441},
    {"mount_setattr", 442},
    {"quotactl_fd", 443},
    {"landlock_create_ruleset", 444},
    {"landlock_add_rule", 445},
    {"landlock_restrict_self", 446},
    {"process_mrelease", 448},
    {"futex_waitv", 449},
    {"set_mempolicy_home_node", 450},
    {"cachestat", 451},
    {"fchmodat2", 452},
    {"statmount", 457},
    {"listmount", 458},
    {"lsm_get_self_attr", 459},
    {"lsm_set_self_attr", 460},
    {"lsm_list_modules", 461},
};

bool call_number(const char *name, long *number)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (strcmp(calls[i].name, name) == 0) {
            *number = calls[i].number;
            return true;
        }
    }
    return false;
}
