// SPDX-License-Identifier: Apache-2.0

// maskedPaths and readonlyPaths. The cover is the host's /dev/null, checked to be that device: a mask made
// of the container's own /dev/null has let images choose what is mounted (CVE-2025-31133).

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "cleanup.h"
#include "mount_calls.h"
#include "rootfs.h"

static int open_null(struct context *c)
{
    struct stat info;
    CLOSE_FD int fd = open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) < 0)
        return fail(c, "open", errno, "/dev/null");
    if (!S_ISCHR(info.st_mode) || info.st_rdev != makedev(1, 3))
        return fail(c, "open", ENODEV, "/dev/null is not the null device");
    c->null = steal_fd(&fd);
    return 0;
}

// One superblock serves all masked directories.
static int empty_mount(struct context *c)
{
    if (c->empty >= 0)
        return clone_tree(c->empty, "", false, false);
    CLOSE_FD int fs = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
    if (fs < 0 || syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "nr_inodes", "2", 0) < 0 ||
        syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return -1;
    unsigned flags = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    c->empty = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, flags);
    return c->empty < 0 ? -1 : fcntl(c->empty, F_DUPFD_CLOEXEC, 3);
}

int op_mask_path(struct context *c, const struct args_mask_path *a)
{
    struct stat info;
    CLOSE_FD int target = rootfs_open(c, a->path, O_PATH, 0);
    if (target < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : fail(c, "openat2", errno, "%s", a->path);
    if (fstat(target, &info) < 0)
        return fail(c, "fstat", errno, "%s", a->path);
    if (!S_ISDIR(info.st_mode) && c->null < 0 && open_null(c) < 0)
        return -1;
    CLOSE_FD int mount = S_ISDIR(info.st_mode) ? empty_mount(c) : clone_tree(c->null, "", false, false);
    if (mount < 0)
        return fail(c, "open_tree", errno, "%s", a->path);
    if (attach_mount(mount, target) < 0)
        return fail(c, "move_mount", errno, "%s", a->path);
    return 0;
}

int op_readonly_path(struct context *c, const struct args_readonly_path *a)
{
    CLOSE_FD int target = rootfs_open(c, a->path, O_PATH, 0);
    if (target < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : fail(c, "openat2", errno, "%s", a->path);
    CLOSE_FD int mount = clone_tree(target, "", true, false);
    if (mount < 0)
        return fail(c, "open_tree", errno, "%s", a->path);
    if (set_mount_attributes(mount, true, MOUNT_ATTR_RDONLY, 0, 0) < 0)
        return fail(c, "mount_setattr", errno, "%s", a->path);
    if (attach_mount(mount, target) < 0)
        return fail(c, "move_mount", errno, "%s", a->path);
    return 0;
}
