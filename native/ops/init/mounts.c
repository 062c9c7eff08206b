// SPDX-License-Identifier: Apache-2.0

// The mounts of the configuration, made detached and attached by descriptor.

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "copy_up.h"
#include "mount_calls.h"
#include "rootfs.h"

// The kernel's own words on what is wrong, from the context's log ("e overlay: …").
static int fail_with_log(struct context *c, int fs, const char *call, int error, const char *about)
{
    char log[512];
    ssize_t length = RETRY(read(fs, log, sizeof log - 1));
    if (length <= 0)
        return fail(c, call, error, "%s", about);
    log[length] = 0;
    return fail(c, call, error, "%s: %s", about, log + (length > 2 && log[1] == ' ' ? 2 : 0));
}

static int set_option(struct context *c, int fs, const char *option)
{
    char key[128];
    const char *equals = strchr(option, '=');
    size_t length = equals ? (size_t)(equals - option) : strlen(option);
    if (length >= sizeof key)
        return fail(c, "fsconfig", ENAMETOOLONG, "%s", option);
    memcpy(key, option, length);
    key[length] = 0;
    long result = equals ? syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, key, equals + 1, 0)
                         : syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, key, NULL, 0);
    return result < 0 ? fail_with_log(c, fs, "fsconfig", errno, option) : 0;
}

static int set_options(struct context *c, int fs, const struct strings *options)
{
    for (size_t i = 0; i < options->count; i++)
        if (set_option(c, fs, options->items[i]) < 0)
            return -1;
    return 0;
}

// Each entry is a propagation type, with MS_REC where it is for the whole tree.
static int set_propagation(struct context *c, int mount, const struct integers *propagation, const char *path)
{
    enum { REC = 0x4000 };
    for (size_t i = 0; i < propagation->count; i++) {
        uint64_t flags = (uint64_t)propagation->items[i];
        if (set_mount_attributes(mount, (flags & REC) != 0, 0, 0, flags & ~(uint64_t)REC) < 0)
            return fail(c, "mount_setattr", errno, "%s: propagation 0x%" PRIx64, path, flags);
    }
    return 0;
}

// Of what the new file system is to cover, if anything is there.
static int inherit_mode(struct context *c, int fs, const char *destination)
{
    struct stat info;
    char option[sizeof "mode=7777"];
    CLOSE_FD int there = rootfs_open(c, destination, O_PATH | O_DIRECTORY, 0);
    if (there < 0)
        return 0; // to be made, or to be told of when it is mounted
    if (fstat(there, &info) < 0)
        return fail(c, "fstat", errno, "%s", destination);
    (void)snprintf(option, sizeof option, "mode=%o", info.st_mode & 07777);
    return set_option(c, fs, option);
}

int op_mount_filesystem(struct context *c, const struct args_mount_filesystem *a)
{
    CLOSE_FD int fs = (int)syscall(SYS_fsopen, a->type, FSOPEN_CLOEXEC);
    if (fs < 0)
        return fail(c, "fsopen", errno, "%s", a->type);
    if (*a->source && syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "source", a->source, 0) < 0)
        return fail_with_log(c, fs, "fsconfig", errno, a->source);
    if (set_options(c, fs, &a->super) < 0 || set_options(c, fs, &a->data) < 0)
        return -1;
    if (a->inherit_mode && inherit_mode(c, fs, a->destination) < 0)
        return -1;
    if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return fail_with_log(c, fs, "fsconfig", errno, a->type);
    CLOSE_FD int mount = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, (unsigned)a->attributes);
    if (mount < 0)
        return fail_with_log(c, fs, "fsmount", errno, a->type);
    if (a->copy_up && copy_up(c, a->destination, mount) < 0)
        return -1;
    struct stat info;
    bool directory = fstat(mount, &info) < 0 || S_ISDIR(info.st_mode);
    if (rootfs_attach(c, mount, a->destination, directory ? DIRECTORY_MOUNTPOINT : FILE_MOUNTPOINT) < 0)
        return -1;
    return set_propagation(c, mount, &a->propagation, a->destination);
}

// Bits of a->symlinks; lib/tables/mount-options.ts has the same.
enum { COPY_SYMLINK = 1, SOURCE_ITSELF = 2, DESTINATION_ITSELF = 4 };

// A symlink with the same content instead of a mount. One that is there already must say the same.
static int copy_symlink(struct context *c, int link, const char *path)
{
    char target[PATH_MAX], present[PATH_MAX];
    const char *name;
    ssize_t length = readlinkat(link, "", target, sizeof target - 1);
    if (length < 0)
        return fail(c, "readlinkat", errno, "%s", path);
    target[length] = 0;
    CLOSE_FD int parent = rootfs_parent(c, path, &name);
    if (parent < 0)
        return -1;
    if (symlinkat(target, parent, name) == 0)
        return 0;
    if (errno != EEXIST)
        return fail(c, "symlinkat", errno, "%s", path);
    ssize_t there = readlinkat(parent, name, present, sizeof present);
    if (there == length && memcmp(present, target, (size_t)length) == 0)
        return 0;
    return fail(c, "symlinkat", EEXIST, "%s is there and is no symlink to %s", path, target);
}

int op_mount_bind(struct context *c, const struct args_mount_bind *a)
{
    if (a->tree >= TREE_COUNT)
        return fail(c, "open_tree", EINVAL, "tree %" PRId64, a->tree);
    bool nofollow = (a->symlinks & (COPY_SYMLINK | SOURCE_ITSELF)) != 0;
    CLOSE_FD int mount = a->tree >= 0 ? steal_fd(&c->trees[a->tree])
                                      : clone_tree(AT_FDCWD, a->source, a->recursive != 0, nofollow);
    if (mount < 0)
        return fail(c, "open_tree", errno, "%s", a->source);
    struct stat info;
    if (fstat(mount, &info) < 0)
        return fail(c, "fstat", errno, "%s", a->source);
    if (a->symlinks & COPY_SYMLINK && S_ISLNK(info.st_mode))
        return copy_symlink(c, mount, a->destination);
    if ((a->set || a->clear) && set_mount_attributes(mount, false, a->set, a->clear, 0) < 0)
        return fail(c, "mount_setattr", errno, "%s", a->source);
    if ((a->set_recursive || a->clear_recursive) &&
        set_mount_attributes(mount, true, a->set_recursive, a->clear_recursive, 0) < 0)
        return fail(c, "mount_setattr", errno, "%s: recursively", a->source);
    enum mountpoint kind = S_ISDIR(info.st_mode)              ? DIRECTORY_MOUNTPOINT
                           : a->symlinks & DESTINATION_ITSELF ? LINK_MOUNTPOINT
                                                              : FILE_MOUNTPOINT;
    if (rootfs_attach(c, mount, a->destination, kind) < 0)
        return -1;
    return set_propagation(c, mount, &a->propagation, a->destination);
}

int op_remount(struct context *c, const struct args_remount *a)
{
    CLOSE_FD int target = rootfs_open(c, a->destination, O_PATH, 0);
    if (target < 0)
        return fail(c, "openat2", errno, "%s", a->destination);
    if (set_mount_attributes(target, false, a->set, a->clear, 0) < 0)
        return fail(c, "mount_setattr", errno, "%s", a->destination);
    if (a->super.count + a->data.count == 0)
        return 0;
    CLOSE_FD int fs = (int)syscall(SYS_fspick, target, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);
    if (fs < 0)
        return fail(c, "fspick", errno, "%s", a->destination);
    if (set_options(c, fs, &a->super) < 0 || set_options(c, fs, &a->data) < 0)
        return -1;
    if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0) < 0)
        return fail_with_log(c, fs, "fsconfig", errno, a->destination);
    return 0;
}

int op_make_directory(struct context *c, const struct args_make_directory *a)
{
    CLOSE_FD int folder = rootfs_directory(c, a->path, (mode_t)a->mode);
    return folder < 0 ? -1 : 0;
}
