// SPDX-License-Identifier: Apache-2.0
//
// The kernel's share of `run`: what a careful runtime must ask of the kernel for one of the benchmark's
// bundles, without reading a configuration, keeping state or sending a word between processes. bundles.h is
// made of the same config.json files that the runtimes get (scripts/bench/floor-tables.js).

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

struct option {
    const char *name;
    const char *value; // NULL for a flag
};

struct mount_point {
    const char *destination;
    const char *type; // NULL for a bind mount
    const char *source;
    uint64_t attributes;
    const struct option *options;
};

struct limit {
    int resource;
    struct rlimit value;
};

struct bundle {
    const char *name;
    const char *hostname;
    const struct mount_point *mounts;
    char *const *masked;
    char *const *read_only;
    const struct option *sysctl;
    const struct limit *limits;
    size_t limit_count;
    uint64_t bounding, effective, permitted, inheritable, ambient;
    const char *pids_max;
    char *const *env;
    mode_t umask;
    bool no_new_privileges;
    bool root_read_only;
};

#include "bundles.h"

struct device {
    const char *name; // NULL: only allowed, not made
    unsigned major;
    int minor; // -1 for all
};

static const struct device devices[] = {
    {"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9},
    {"tty", 5, 0},  {NULL, 5, 1},   {NULL, 5, 2},   {NULL, 136, -1},
};

static const struct option links[] = {
    {"fd", "/proc/self/fd"},       {"stdin", "/proc/self/fd/0"}, {"stdout", "/proc/self/fd/1"},
    {"stderr", "/proc/self/fd/2"}, {"ptmx", "pts/ptmx"},         {NULL, NULL},
};

#ifndef AT_RECURSIVE // of <linux/fcntl.h>, which cannot stand beside <fcntl.h>
#define AT_RECURSIVE 0x8000
#endif
#define MNT_DETACH 2 // <sys/mount.h> cannot stand beside <linux/mount.h>
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BPF(code, dst, src, off, imm) ((struct bpf_insn){(code), (dst), (src), (off), (imm)})

static _Noreturn void die(const char *call, const char *what)
{
    fprintf(stderr, "floor: %s(%s): %s\n", call, what, strerror(errno));
    exit(125);
}

static int must(long result, const char *call, const char *what)
{
    if (result < 0)
        die(call, what);
    return (int)result;
}

static void write_and_close(int fd, const char *path, const char *text)
{
    must(fd, "open", path);
    must(write(fd, text, strlen(text)), "write", path);
    must(close(fd), "close", path);
}

/** Denies all devices but the default ones; mknod is allowed for all, as runtimes do. */
static size_t device_program(struct bpf_insn *code)
{
    struct bpf_insn *at = code;
    *at++ = BPF(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_2, BPF_REG_1, 0, 0);
    *at++ = BPF(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_2, 0, 0);
    *at++ = BPF(BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_2, 0, 0, 0xffff);
    *at++ = BPF(BPF_ALU64 | BPF_RSH | BPF_K, BPF_REG_3, 0, 0, 16);
    *at++ = BPF(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_4, BPF_REG_1, 4, 0);
    *at++ = BPF(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_5, BPF_REG_1, 8, 0);
    *at++ = BPF(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 1);
    *at++ = BPF(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_3, 0, 1, BPF_DEVCG_ACC_MKNOD);
    *at++ = BPF(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    for (size_t i = 0; i < COUNT(devices); i++) {
        bool any_minor = devices[i].minor < 0;
        *at++ = BPF(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_2, 0, any_minor ? 2 : 3, BPF_DEVCG_DEV_CHAR);
        *at++ = BPF(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_4, 0, any_minor ? 1 : 2, (int)devices[i].major);
        if (!any_minor)
            *at++ = BPF(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_5, 0, 1, devices[i].minor);
        *at++ = BPF(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    }
    *at++ = BPF(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0);
    *at++ = BPF(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    return (size_t)(at - code);
}

static int make_cgroup(const struct bundle *bundle, const char *path)
{
    struct bpf_insn code[64];
    must(mkdir(path, 0755), "mkdir", path);
    int cgroup = must(open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC), "open", path);
    if (bundle->pids_max != NULL && faccessat(cgroup, "pids.max", W_OK, 0) == 0) // not on every host
        write_and_close(openat(cgroup, "pids.max", O_WRONLY | O_CLOEXEC), "pids.max", bundle->pids_max);
    union bpf_attr load = {
        .prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
        .insn_cnt = (uint32_t)device_program(code),
        .insns = (uintptr_t)code,
        .license = (uintptr_t) "Apache-2.0",
    };
    int program = must(syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load), "bpf", "BPF_PROG_LOAD");
    union bpf_attr attach = {
        .target_fd = (uint32_t)cgroup,
        .attach_bpf_fd = (uint32_t)program,
        .attach_type = BPF_CGROUP_DEVICE,
        .attach_flags = BPF_F_ALLOW_MULTI,
    };
    must(syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof attach), "bpf", "BPF_PROG_ATTACH");
    must(close(program), "close", "program");
    return cgroup;
}

static int open_in(int root, const char *path, uint64_t flags, uint64_t mode)
{
    struct open_how how = {flags | O_CLOEXEC, mode, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

/** Opens a mount point below the rootfs; the first run makes the ones that are missing. */
static int open_target(int root, const char *path, bool directory)
{
    int fd = open_in(root, path, O_PATH, 0);
    if (fd >= 0 || errno != ENOENT)
        return must(fd, "openat2", path);
    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        char parent[256];
        snprintf(parent, sizeof parent, "%.*s", (int)(slash - path - 1), path + 1);
        if (mkdirat(root, parent, 0755) < 0 && errno != EEXIST)
            die("mkdirat", parent);
    }
    if (directory)
        must(mkdirat(root, path + 1, 0755), "mkdirat", path);
    else
        must(close(must(open_in(root, path, O_CREAT | O_WRONLY, 0644), "openat2", path)), "close", path);
    return must(open_in(root, path, O_PATH, 0), "openat2", path);
}

/** Mounts a tree on an opened target, and closes both. */
static void attach(int tree, int target, const char *what)
{
    unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
    must(syscall(SYS_move_mount, tree, "", target, "", flags), "move_mount", what);
    must(close(tree), "close", what);
    must(close(target), "close", what);
}

static int new_filesystem(const struct mount_point *mount)
{
    int context = must(syscall(SYS_fsopen, mount->type, FSOPEN_CLOEXEC), "fsopen", mount->type);
    must(syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "source", mount->source, 0), "fsconfig",
         mount->type);
    for (const struct option *option = mount->options; option->name != NULL; option++) {
        unsigned command = option->value == NULL ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING;
        must(syscall(SYS_fsconfig, context, command, option->name, option->value, 0), "fsconfig",
             option->name);
    }
    must(syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "fsconfig", mount->type);
    int tree = must(syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, (unsigned)mount->attributes), "fsmount",
                    mount->type);
    must(close(context), "close", mount->type);
    return tree;
}

static int clone_tree(int dir, const char *path, unsigned flags)
{
    flags |= AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
    return must(syscall(SYS_open_tree, dir, path, flags), "open_tree", path);
}

static void set_attributes(int tree, uint64_t attributes, uint64_t propagation, unsigned flags)
{
    struct mount_attr attr = {.attr_set = attributes, .propagation = propagation};
    must(syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | flags, &attr, sizeof attr), "mount_setattr",
         "");
}

static void mount_one(int root, int bundle_dir, const struct mount_point *mount)
{
    struct stat info;
    int tree;
    bool directory = true;
    if (mount->type == NULL) {
        tree = clone_tree(bundle_dir, mount->source, 0);
        set_attributes(tree, mount->attributes, MS_PRIVATE, 0);
        must(fstat(tree, &info), "fstat", mount->source);
        directory = S_ISDIR(info.st_mode);
    } else {
        tree = new_filesystem(mount);
    }
    attach(tree, open_target(root, mount->destination, directory), mount->destination);
}

static void make_devices(int root)
{
    int dev = must(open_in(root, "/dev", O_DIRECTORY, 0), "openat2", "/dev");
    mode_t mask = umask(0);
    for (size_t i = 0; i < COUNT(devices); i++) {
        dev_t number = makedev(devices[i].major, (unsigned)devices[i].minor);
        if (devices[i].name != NULL)
            must(mknodat(dev, devices[i].name, S_IFCHR | 0666, number), "mknodat", devices[i].name);
    }
    umask(mask);
    for (const struct option *link = links; link->name != NULL; link++)
        must(symlinkat(link->value, dev, link->name), "symlinkat", link->name);
    must(close(dev), "close", "/dev");
}

/** Opens a path that need not be there; -1 when it is not. */
static int open_if_there(int root, const char *path, struct stat *info)
{
    int target = open_in(root, path, O_PATH, 0);
    if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
        return -1;
    must(fstat(must(target, "openat2", path), info), "fstat", path);
    return target;
}

/** Hides a file behind /dev/null and a directory behind one empty tmpfs, which all of them share. */
static void mask_paths(int root, char *const *paths)
{
    static const struct option none[] = {{NULL, NULL}};
    static const struct mount_point tmpfs = {NULL, "tmpfs", "tmpfs", MOUNT_ATTR_RDONLY, none};
    struct stat info;
    int null = must(open_in(root, "/dev/null", O_PATH, 0), "openat2", "/dev/null");
    int empty = -1;
    for (; *paths != NULL; paths++) {
        int target = open_if_there(root, *paths, &info);
        if (target < 0)
            continue;
        if (S_ISDIR(info.st_mode) && empty < 0)
            empty = new_filesystem(&tmpfs);
        attach(clone_tree(S_ISDIR(info.st_mode) ? empty : null, "", 0), target, *paths);
    }
    must(close(null), "close", "/dev/null");
}

static void make_read_only(int root, char *const *paths)
{
    struct stat info;
    for (; *paths != NULL; paths++) {
        int target = open_if_there(root, *paths, &info);
        if (target < 0)
            continue;
        int tree = clone_tree(target, "", AT_RECURSIVE);
        set_attributes(tree, MOUNT_ATTR_RDONLY, 0, AT_RECURSIVE);
        attach(tree, target, *paths);
    }
}

static int attach_root(const char *rootfs)
{
    must(syscall(SYS_mount, NULL, "/", NULL, MS_SLAVE | MS_REC, NULL), "mount", "/");
    int place = must(open(rootfs, O_PATH | O_CLOEXEC), "open", rootfs);
    int tree = clone_tree(AT_FDCWD, rootfs, AT_RECURSIVE);
    int root = must(fcntl(tree, F_DUPFD_CLOEXEC, 0), "fcntl", rootfs);
    set_attributes(root, 0, MS_PRIVATE, AT_RECURSIVE);
    attach(tree, place, rootfs);
    return root;
}

static void build_root(const struct bundle *bundle, const char *bundle_path, const char *rootfs)
{
    int bundle_dir = must(open(bundle_path, O_PATH | O_CLOEXEC), "open", bundle_path);
    int root = attach_root(rootfs);
    for (const struct mount_point *mount = bundle->mounts; mount->destination != NULL; mount++)
        mount_one(root, bundle_dir, mount);
    make_devices(root);
    for (const struct option *sysctl = bundle->sysctl; sysctl->name != NULL; sysctl++)
        write_and_close(open_in(root, sysctl->name, O_WRONLY, 0), sysctl->name, sysctl->value);
    mask_paths(root, bundle->masked);
    make_read_only(root, bundle->read_only);
    must(fchdir(root), "fchdir", rootfs);
    must(syscall(SYS_pivot_root, ".", "."), "pivot_root", rootfs);
    must(syscall(SYS_umount2, ".", MNT_DETACH), "umount2", "the old root");
    if (bundle->root_read_only)
        set_attributes(root, MOUNT_ATTR_RDONLY, 0, 0);
    must(chdir("/"), "chdir", "/");
}

static void set_identity(const struct bundle *bundle)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    for (int cap = 0; cap <= 63; cap++) {
        if ((bundle->bounding >> cap & 1) != 0 || prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
            continue;
        if (errno == EINVAL) // beyond the last one the kernel knows
            break;
        die("prctl", "PR_CAPBSET_DROP");
    }
    must(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), "prctl", "PR_SET_KEEPCAPS");
    must(setgroups(0, NULL), "setgroups", "");
    must(setresgid(0, 0, 0), "setresgid", "0");
    must(setresuid(0, 0, 0), "setresuid", "0");
    for (int half = 0; half < 2; half++) {
        sets[half].effective = (uint32_t)(bundle->effective >> (32 * half));
        sets[half].permitted = (uint32_t)(bundle->permitted >> (32 * half));
        sets[half].inheritable = (uint32_t)(bundle->inheritable >> (32 * half));
    }
    must(syscall(SYS_capset, &header, sets), "capset", "");
    must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "prctl", "PR_CAP_AMBIENT_CLEAR_ALL");
    for (unsigned long cap = 0; cap <= 63; cap++)
        if ((bundle->ambient & bundle->inheritable) >> cap & 1)
            must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0), "prctl", "PR_CAP_AMBIENT_RAISE");
}

static void install_filter(const struct sock_fprog *filter)
{
    if (filter->len > 0)
        must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter), "seccomp", "filter");
}

static _Noreturn void become_container(const struct bundle *bundle, char **paths,
                                       const struct sock_fprog *filter)
{
    char *const args[] = {"/bin/true", NULL};
    must(setsid(), "setsid", "");
    must(unshare(CLONE_NEWCGROUP), "unshare", "CLONE_NEWCGROUP"); // its root is the cgroup joined at birth
    must(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "floor"), "keyctl", "KEYCTL_JOIN_SESSION_KEYRING");
    must(sethostname(bundle->hostname, strlen(bundle->hostname)), "sethostname", bundle->hostname);
    build_root(bundle, paths[0], paths[1]);
    for (size_t i = 0; i < bundle->limit_count; i++)
        if (setrlimit(bundle->limits[i].resource, &bundle->limits[i].value) < 0 && errno != EPERM)
            die("setrlimit", "");
    umask(bundle->umask);
    if (!bundle->no_new_privileges)
        install_filter(filter); // without no_new_privs it takes a capability that is about to go
    set_identity(bundle);
    if (bundle->no_new_privileges) {
        must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl", "PR_SET_NO_NEW_PRIVS");
        install_filter(filter);
    }
    must(syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC), "close_range", "");
    execve(args[0], args, bundle->env);
    die("execve", args[0]);
}

static void read_filter(const char *path, struct sock_fprog *filter)
{
    static struct sock_filter code[BPF_MAXINSNS];
    int fd = must(open(path, O_RDONLY | O_CLOEXEC), "open", path);
    int size = must(read(fd, code, sizeof code), "read", path);
    must(close(fd), "close", path);
    filter->len = (unsigned short)((size_t)size / sizeof code[0]);
    filter->filter = code;
}

static int run(const struct bundle *bundle, char **paths, const struct sock_fprog *filter)
{
    siginfo_t info;
    int pidfd = -1;
    int cgroup = make_cgroup(bundle, paths[2]);
    struct clone_args args = {
        .flags = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS | CLONE_INTO_CGROUP |
                 CLONE_PIDFD,
        .exit_signal = SIGCHLD,
        .cgroup = (unsigned)cgroup,
        .pidfd = (uintptr_t)&pidfd,
    };
    if (must(syscall(SYS_clone3, &args, sizeof args), "clone3", "") == 0)
        become_container(bundle, paths, filter);
    must(waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED), "waitid", "");
    must(rmdir(paths[2]), "rmdir", paths[2]);
    return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

int main(int argc, char **argv)
{
    struct sock_fprog filter = {0, NULL};
    if (argc > 5)
        read_filter(argv[5], &filter);
    for (size_t i = 0; argc >= 5 && i < COUNT(bundles); i++)
        if (strcmp(bundles[i].name, argv[1]) == 0)
            return run(&bundles[i], argv + 2, &filter);
    fprintf(stderr, "usage: floor spec|podman BUNDLE ROOTFS CGROUP [SECCOMP_FILTER]\n");
    return 2;
}
