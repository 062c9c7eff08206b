// SPDX-License-Identifier: Apache-2.0

// Device nodes and the links beside them. Each is made by name in its verified folder, never followed.

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "cleanup.h"
#include "mount_calls.h"
#include "rootfs.h"

int op_mknod(struct context *c, const struct args_mknod *a)
{
    const char *name;
    CLOSE_FD int parent = rootfs_parent(c, a->path, &name);
    if (parent < 0)
        return -1;
    dev_t device = makedev((unsigned)a->major, (unsigned)a->minor);
    if (mknodat(parent, name, (mode_t)(a->type | a->mode), device) < 0) {
        struct stat info;
        if (errno != EEXIST)
            return fail(c, "mknodat", errno, "%s", a->path);
        if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
            return fail(c, "fstatat", errno, "%s", a->path);
        bool same =
            (info.st_mode & S_IFMT) == (mode_t)a->type && (S_ISFIFO(info.st_mode) || info.st_rdev == device);
        return same ? 0 : fail(c, "mknodat", EEXIST, "%s is something else", a->path);
    }
    if ((a->uid || a->gid) && fchownat(parent, name, (uid_t)a->uid, (gid_t)a->gid, AT_SYMLINK_NOFOLLOW) < 0)
        return fail(c, "fchownat", errno, "%s", a->path);
    return 0;
}

static bool is_device(const struct stat *info, int64_t type, dev_t device)
{
    return (info->st_mode & S_IFMT) == (mode_t)type && info->st_rdev == device;
}

// A node is bound where there is none, where the same one is, or where a node was bound before: on a file
// that is empty and has no mode. Anything else is another file, which the spec wants to be an error.
static int attach_node(struct context *c, int mount, const char *path, int64_t type, dev_t device)
{
    struct stat info;
    CLOSE_FD int there = rootfs_open(c, path, O_PATH | O_NOFOLLOW, 0);
    if (there >= 0) {
        if (fstat(there, &info) < 0)
            return fail(c, "fstat", errno, "%s", path);
        bool bound_before = S_ISREG(info.st_mode) && info.st_size == 0 && (info.st_mode & 07777) == 0;
        if (!bound_before && !is_device(&info, type, device))
            return fail(c, "openat2", EEXIST, "%s is something else", path);
    } else {
        const char *name;
        CLOSE_FD int parent = errno == ENOENT || errno == ENOTDIR ? rootfs_parent(c, path, &name) : -1;
        if (parent < 0)
            return c->failure.error ? -1 : fail(c, "openat2", errno, "%s", path);
        CLOSE_FD int made = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0);
        if (made < 0)
            return fail(c, "openat", errno, "%s", path);
    }
    return rootfs_attach(c, mount, path, LINK_MOUNTPOINT);
}

int op_bind_device(struct context *c, const struct args_bind_device *a)
{
    struct stat info;
    dev_t device = makedev((unsigned)a->major, (unsigned)a->minor);
    CLOSE_FD int mount = clone_tree(AT_FDCWD, a->source, false, false);
    if (mount < 0)
        return fail(c, "open_tree", errno, "%s", a->source);
    if (fstat(mount, &info) < 0)
        return fail(c, "fstat", errno, "%s", a->source);
    if (!is_device(&info, a->type, device))
        return fail(c, "open_tree", ENODEV, "%s of the host is not the device %" PRId64 ":%" PRId64,
                    a->source, a->major, a->minor);
    return a->listed ? attach_node(c, mount, a->path, a->type, device)
                     : rootfs_attach(c, mount, a->path, FILE_MOUNTPOINT);
}

// The nodes lie over the container's root, which is only ever reached by c->rootfs, from below them.
int op_mount_devices(struct context *c, const struct args_mount_devices *a)
{
    if (a->tree < 0 || a->tree >= TREE_COUNT)
        return fail(c, "move_mount", EINVAL, "tree %" PRId64, a->tree);
    return attach_mount(c->trees[a->tree], c->rootfs) < 0 ? fail(c, "move_mount", errno, "device nodes") : 0;
}

int op_attach_device(struct context *c, const struct args_attach_device *a)
{
    if (a->tree < 0 || a->tree >= TREE_COUNT)
        return fail(c, "open_tree", EINVAL, "tree %" PRId64, a->tree);
    CLOSE_FD int mount = clone_tree(c->trees[a->tree], a->name, false, false);
    if (mount < 0)
        return fail(c, "open_tree", errno, "the node for %s", a->path);
    return attach_node(c, mount, a->path, a->type, makedev((unsigned)a->major, (unsigned)a->minor));
}

int op_unmount_devices(struct context *c, const struct args_unmount_devices *a)
{
    if (a->tree < 0 || a->tree >= TREE_COUNT || fchdir(c->trees[a->tree]) < 0)
        return fail(c, "fchdir", errno, "device nodes");
    if (umount2(".", MNT_DETACH) < 0)
        return fail(c, "umount2", errno, "device nodes");
    close_fd(&c->trees[a->tree]);
    return chdir("/") < 0 ? fail(c, "chdir", errno, "/") : 0;
}

int op_symlink(struct context *c, const struct args_symlink *a)
{
    const char *name;
    CLOSE_FD int parent = rootfs_parent(c, a->path, &name);
    if (parent < 0)
        return -1;
    if (symlinkat(a->target, parent, name) == 0)
        return 0;
    if (errno != EEXIST)
        return fail(c, "symlinkat", errno, "%s", a->path);
    if (!a->replace)
        return 0;
    if (unlinkat(parent, name, 0) < 0)
        return fail(c, "unlinkat", errno, "%s", a->path);
    return symlinkat(a->target, parent, name) < 0 ? fail(c, "symlinkat", errno, "%s", a->path) : 0;
}
