// SPDX-License-Identifier: Apache-2.0

// The root mount: opened, protected, and in the end pivoted into.

#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "context.h"
#include "mount_calls.h"

int op_open_proc(struct context *c)
{
    enum { PROC_ROOT_INODE = 1 };
    struct statfs info;
    struct stat root;
    c->proc = open("/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (c->proc < 0 || fstatfs(c->proc, &info) < 0 || fstat(c->proc, &root) < 0)
        return fail(c, "open", errno, "/proc");
    // a false procfs has turned label and sysctl writes into something else (CVE-2019-16884, CVE-2025-52881)
    if (info.f_type != PROC_SUPER_MAGIC || root.st_ino != PROC_ROOT_INODE)
        return fail(c, "fstatfs", ENODEV, "/proc is not a procfs");
    return 0;
}

int op_set_propagation(struct context *c, const struct args_set_propagation *a)
{
    if (mount("", "/", NULL, (unsigned long)a->flags, NULL) < 0)
        return fail(c, "mount", errno, "/: propagation 0x%" PRIx64, a->flags);
    return 0;
}

// pivot_root(2) refuses a root that is shared, or whose mount lies on a shared one. Being private, the mount
// around it also keeps what is attached below from the host.
static int set_apart(struct context *c, int root, int target, const char *path)
{
    CLOSE_FD int at = fcntl(target, F_DUPFD_CLOEXEC, 3);
    if (at < 0)
        return fail(c, "fcntl", errno, "%s", path);
    // only the root of a mount has propagation of its own (EINVAL): up to where this one begins
    while (set_mount_attributes(at, false, 0, 0, MS_PRIVATE) < 0) {
        if (errno != EINVAL)
            return fail(c, "mount_setattr", errno, "%s: the mount around it", path);
        CLOSE_FD int above = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct stat here, there;
        if (above < 0 || fstat(at, &here) < 0 || fstat(above, &there) < 0)
            return fail(c, "openat", errno, "%s: the mount around it", path);
        if (here.st_dev == there.st_dev && here.st_ino == there.st_ino)
            return fail(c, "mount_setattr", EINVAL, "/ is not a mount"); // a chroot
        (void)close(at);
        at = steal_fd(&above);
    }
    return set_mount_attributes(root, false, 0, 0, MS_PRIVATE) < 0
               ? fail(c, "mount_setattr", errno, "%s", path)
               : 0;
}

int op_open_rootfs(struct context *c, const struct args_open_rootfs *a)
{
    if (a->tree >= TREE_COUNT)
        return fail(c, "open_tree", EINVAL, "tree %" PRId64, a->tree);
    if (!a->attach) {
        c->rootfs = open(a->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        return c->rootfs < 0 ? fail(c, "open", errno, "%s", a->path) : 0;
    }
    CLOSE_FD int root =
        a->tree >= 0 ? steal_fd(&c->trees[a->tree]) : clone_tree(AT_FDCWD, a->path, true, false);
    if (root < 0)
        return fail(c, "open_tree", errno, "%s", a->path);
    CLOSE_FD int target = open(a->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (target < 0)
        return fail(c, "open", errno, "%s", a->path);
    if (a->apart && set_apart(c, root, target, a->path) < 0)
        return -1;
    if (attach_mount(root, target) < 0)
        return fail(c, "move_mount", errno, "%s", a->path);
    c->rootfs = steal_fd(&root);
    return 0;
}

int op_readonly_root(struct context *c)
{
    enum { READ_ONLY = 1 };
    if (set_mount_attributes(c->rootfs, false, READ_ONLY, 0, 0) < 0)
        return fail(c, "mount_setattr", errno, "/");
    return 0;
}

int op_pivot_root(struct context *c)
{
    CLOSE_FD int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (old < 0)
        return fail(c, "open", errno, "/");
    if (fchdir(c->rootfs) < 0)
        return fail(c, "fchdir", errno, "rootfs");
    // old over new: no folder for the old root is needed inside the new one
    if (syscall(SYS_pivot_root, ".", ".") < 0)
        return fail(c, "pivot_root", errno, "rootfs");
    // the old root's going must not be propagated to the host
    if (fchdir(old) < 0)
        return fail(c, "fchdir", errno, "old root");
    if (mount("", ".", NULL, MS_SLAVE | MS_REC, NULL) < 0)
        return fail(c, "mount", errno, "old root: slave");
    if (umount2(".", MNT_DETACH) < 0)
        return fail(c, "umount2", errno, "old root");
    if (chdir("/") < 0)
        return fail(c, "chdir", errno, "/");
    return 0;
}

int op_chroot(struct context *c)
{
    if (fchdir(c->rootfs) < 0)
        return fail(c, "fchdir", errno, "rootfs");
    if (chroot(".") < 0)
        return fail(c, "chroot", errno, "rootfs");
    return 0;
}

int op_move_root(struct context *c)
{
    // with the host's /proc and /sys still mounted, a user namespace could mount its own without masks
    const char *const revealing[] = {"/proc", "/sys"};
    for (int i = 0; i < 2; i++)
        if (umount2(revealing[i], MNT_DETACH) < 0 && errno != EINVAL && errno != EPERM)
            return fail(c, "umount2", errno, "%s", revealing[i]);
    if (fchdir(c->rootfs) < 0)
        return fail(c, "fchdir", errno, "rootfs");
    if (mount(".", "/", NULL, MS_MOVE, NULL) < 0)
        return fail(c, "mount", errno, "rootfs over /");
    if (chroot(".") < 0)
        return fail(c, "chroot", errno, "rootfs");
    if (chdir("/") < 0)
        return fail(c, "chdir", errno, "/");
    return 0;
}
