// SPDX-License-Identifier: Apache-2.0

// Questions to the kernel that change nothing: each makes a call as a plan would, or one that the kernel
// refuses for a reason that tells whether it knows what was asked.

#include "cleanup.h"
#include "mount_calls.h"
#include "runts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef MOUNT_ATTR_IDMAP
#define MOUNT_ATTR_IDMAP 0x00100000
#endif

// A child that ends at once. 0, or errno.
static int clone_once(uint64_t flags, int cgroup)
{
    struct clone_args args = {.flags = flags | CLONE_PIDFD, .exit_signal = SIGCHLD};
    CLOSE_FD int pidfd = -1;
    args.pidfd = (uint64_t)(uintptr_t)&pidfd;
    if (cgroup >= 0) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = (unsigned)cgroup;
    }
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid < 0)
        return errno;
    if (pid == 0)
        syscall(SYS_exit_group, 0);
    (void)RETRY(waitpid((pid_t)pid, NULL, 0)); // whatever became of it, it could be made
    return 0;
}

static int probe_clone(const char *text, uint64_t number)
{
    (void)text;
    return clone_once(number, -1);
}

static int probe_clone_into(const char *text, uint64_t number)
{
    (void)number;
    CLOSE_FD int cgroup = open(text, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return cgroup < 0 ? errno : clone_once(0, cgroup);
}

static int probe_openat2(const char *text, uint64_t number)
{
    (void)text, (void)number;
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
    CLOSE_FD int fd = (int)syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof how);
    return fd < 0 ? errno : 0;
}

static int probe_file_system(const char *text, uint64_t number)
{
    (void)number;
    CLOSE_FD int fs = (int)syscall(SYS_fsopen, text, FSOPEN_CLOEXEC);
    return fs < 0 ? errno : 0;
}

// Attributes of a mount that nobody sees, and that is gone with its descriptor.
static int probe_mount_attributes(const char *text, uint64_t number)
{
    (void)text, (void)number;
    CLOSE_FD int tree = clone_tree(AT_FDCWD, "/", false, false);
    if (tree < 0)
        return errno;
    return set_mount_attributes(tree, false, 1, 0, 0) < 0 ? errno : 0;
}

// The kernel looks at the mount's file system before it looks at the namespace, so a wrong descriptor is
// enough: EBADF or EINVAL from a kernel that maps ids, ENOSYS or E2BIG from one that does not.
static int probe_mapped_mount(const char *text, uint64_t number)
{
    (void)number;
    CLOSE_FD int tree = clone_tree(AT_FDCWD, text, false, false);
    if (tree < 0)
        return errno;
    CLOSE_FD int space = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
    struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (unsigned)space};
    if (space < 0)
        return errno;
    // our own namespace is refused with EPERM or EINVAL, after the check for the kernel's ability
    int error = syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attr, sizeof attr) < 0 ? errno : 0;
    return error == ENOSYS || error == E2BIG ? error : 0;
}

static int probe_pidfd(const char *text, uint64_t number)
{
    (void)text, (void)number;
    CLOSE_FD int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0U);
    if (pidfd < 0)
        return errno;
    return syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0U) < 0 ? errno : 0;
}

static int probe_close_range(const char *text, uint64_t number)
{
    (void)text, (void)number;
    return syscall(SYS_close_range, ~0U - 1, ~0U, 0U) < 0 ? errno : 0;
}

// Without a program the kernel says EFAULT, once it has accepted the flags.
static int probe_seccomp_flags(const char *text, uint64_t number)
{
    (void)text;
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, (unsigned)number, NULL) == 0)
        return 0;
    return errno == EFAULT ? 0 : errno;
}

static int probe_seccomp_action(const char *text, uint64_t number)
{
    (void)text;
    uint32_t action = (uint32_t)number;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0U, &action) < 0 ? errno : 0;
}

// A program that allows everything, loaded and let go.
static int probe_device_program(const char *text, uint64_t number)
{
    (void)text, (void)number;
    const struct bpf_insn program[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1},
        {.code = BPF_JMP | BPF_EXIT},
    };
    union bpf_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attr.insns = (uint64_t)(uintptr_t)program;
    attr.insn_cnt = 2;
    attr.license = (uint64_t)(uintptr_t) "Apache-2.0";
    CLOSE_FD int fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr);
    return fd < 0 ? errno : 0;
}

static int probe_keyring(const char *text, uint64_t number)
{
    (void)text, (void)number;
    enum { GET_KEYRING_ID = 0, PROCESS_KEYRING = -2 };
    long id = syscall(SYS_keyctl, GET_KEYRING_ID, PROCESS_KEYRING, 0);
    return id < 0 && errno == ENOSYS ? ENOSYS : 0;
}

static const struct {
    const char *name;
    int (*ask)(const char *text, uint64_t number);
} probes[] = {
    {"clone", probe_clone},
    {"cloneInto", probe_clone_into},
    {"openat2", probe_openat2},
    {"fileSystem", probe_file_system},
    {"mountAttributes", probe_mount_attributes},
    {"mappedMount", probe_mapped_mount},
    {"pidfd", probe_pidfd},
    {"closeRange", probe_close_range},
    {"seccompFlags", probe_seccomp_flags},
    {"seccompAction", probe_seccomp_action},
    {"deviceProgram", probe_device_program},
    {"keyring", probe_keyring},
};

int runts_probe(const char *name, const char *text, uint64_t number)
{
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
        if (strcmp(probes[i].name, name) == 0)
            return probes[i].ask(text, number);
    return EINVAL;
}
