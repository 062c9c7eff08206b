// SPDX-License-Identifier: Apache-2.0

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "mount_calls.h"
#include "rootfs.h"

static int open_in(int folder, const char *path, int flags, uint64_t resolve)
{
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC), .resolve = resolve};
    // the kernel gives up with EAGAIN while something is renamed meanwhile; a hostile container renames
    // for ever, so not without end
    for (int attempt = 0;; attempt++) {
        int fd = (int)syscall(SYS_openat2, folder, *path ? path : ".", &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR) || attempt == 128)
            return fd;
        if (attempt > 16)
            (void)poll(NULL, 0, 1);
    }
}

int rootfs_open(const struct context *c, const char *path, int flags, uint64_t resolve)
{
    return open_in(c->rootfs, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve);
}

// /proc and /sys as symlinks have let images choose what is mounted where (CVE-2019-19921, CVE-2023-27561).
static uint64_t strictness(const char *path)
{
    bool special = strcmp(path, "/proc") == 0 || strncmp(path, "/proc/", 6) == 0 ||
                   strcmp(path, "/sys") == 0 || strncmp(path, "/sys/", 5) == 0;
    return special ? RESOLVE_NO_SYMLINKS : 0;
}

// Makes one missing directory and opens it, not following what may have been put there meanwhile.
static int make_one(struct context *c, int parent, const char *name, mode_t mode, const char *path)
{
    if (strcmp(name, "..") == 0)
        return fail(c, "mkdirat", EINVAL, "%s", path);
    if (mkdirat(parent, name, mode) < 0 && errno != EEXIST)
        return fail(c, "mkdirat", errno, "%s", path);
    int fd =
        open_in(parent, name, O_PATH | O_DIRECTORY, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    return fd < 0 ? fail(c, "openat2", errno, "%s", path) : fd;
}

// Puts what a symlink says before the rest of a path; false when that gets too long.
static bool prepend(char *rest, const char *target, size_t length)
{
    size_t rest_length = strlen(rest);
    if (length + 1 + rest_length >= PATH_MAX)
        return false;
    memmove(rest + length + 1, rest, rest_length + 1);
    memcpy(rest, target, length);
    rest[length] = '/';
    return true;
}

// Takes the first part off a path: its length, 0 at the end.
static size_t take_part(char *rest, char *part)
{
    size_t skip = strspn(rest, "/"), length = strcspn(rest + skip, "/");
    memcpy(part, rest + skip, length);
    part[length] = 0;
    memmove(rest, rest + skip + length, strlen(rest + skip + length) + 1);
    return length;
}

// The path without its symlinks, as the container would follow them, even where they lead to something that
// is still to be made: images have such an /etc/resolv.conf, onto which engines bind. Every step is taken by
// openat2, so that a path that is changed meanwhile still leads nowhere but into the rootfs.
static int resolve(struct context *c, const char *path, char *resolved)
{
    enum { MOST_LINKS = 40 }; // as in the kernel
    char rest[PATH_MAX], part[PATH_MAX], target[PATH_MAX];
    size_t length = 0;
    resolved[0] = rest[0] = 0;
    if (!prepend(rest, path, strlen(path)))
        return fail(c, "openat2", ENAMETOOLONG, "%s", path);
    for (int links = 0; take_part(rest, part) > 0;) {
        char *last = strrchr(resolved, '/');
        if (strcmp(part, ".") == 0)
            continue;
        if (strcmp(part, "..") == 0) {
            length = last ? (size_t)(last - resolved) : 0;
            resolved[length] = 0;
            continue;
        }
        if (length + 1 + strlen(part) >= PATH_MAX)
            return fail(c, "openat2", ENAMETOOLONG, "%s", path);
        resolved[length] = '/';
        memcpy(resolved + length + 1, part, strlen(part) + 1);
        CLOSE_FD int fd = rootfs_open(c, resolved, O_PATH | O_NOFOLLOW, 0);
        ssize_t got = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof target);
        if (got < 0) { // no symlink, or not there
            length += 1 + strlen(part);
            continue;
        }
        if (++links > MOST_LINKS || !prepend(rest, target, (size_t)got))
            return fail(c, "openat2", ELOOP, "%s", path);
        length = target[0] == '/' ? 0 : length;
        resolved[length] = 0;
    }
    return 0;
}

int rootfs_directory(struct context *c, const char *path, mode_t mode)
{
    uint64_t strict = strictness(path);
    int whole = rootfs_open(c, path, O_PATH | O_DIRECTORY, strict);
    if (whole >= 0 || errno != ENOENT)
        return whole < 0 ? fail(c, "openat2", errno, "%s", path) : whole;
    char prefix[PATH_MAX];
    if (resolve(c, path, prefix) < 0)
        return -1;
    CLOSE_FD int folder = rootfs_open(c, "/", O_PATH | O_DIRECTORY, 0);
    for (char *at = prefix + strspn(prefix, "/"); *at;) {
        char *end = at + strcspn(at, "/");
        char saved = *end;
        *end = 0;
        int next = rootfs_open(c, prefix, O_PATH | O_DIRECTORY, strict);
        if (next < 0 && errno == ENOENT)
            next = make_one(c, folder, at, saved && end[strspn(end + 1, "/") + 1] ? 0755 : mode, path);
        else if (next < 0)
            return fail(c, "openat2", errno, "%s", prefix);
        if (next < 0)
            return -1;
        (void)close(folder);
        folder = next;
        *end = saved;
        at = end + strspn(end, "/");
    }
    return steal_fd(&folder);
}

int rootfs_parent(struct context *c, const char *path, const char **name)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length >= sizeof folder)
        return fail(c, "openat2", ENAMETOOLONG, "%s", path);
    memcpy(folder, path, length);
    folder[length] = 0;
    *name = slash ? slash + 1 : path;
    if (**name == 0 || strcmp(*name, "..") == 0 || strcmp(*name, ".") == 0)
        return fail(c, "openat2", EINVAL, "%s", path);
    return rootfs_directory(c, folder, 0755);
}

int rootfs_mountpoint(struct context *c, const char *path, enum mountpoint kind)
{
    if (kind == DIRECTORY_MOUNTPOINT)
        return rootfs_directory(c, path, 0755);
    int target = rootfs_open(c, path, O_PATH | (kind == LINK_MOUNTPOINT ? O_NOFOLLOW : 0), strictness(path));
    if (target >= 0 || errno != ENOENT)
        return target < 0 ? fail(c, "openat2", errno, "%s", path) : target;
    const char *name;
    char resolved[PATH_MAX];
    if (resolve(c, path, resolved) < 0)
        return -1;
    CLOSE_FD int parent = rootfs_parent(c, resolved, &name);
    if (parent < 0)
        return -1;
    // O_EXCL: a symlink put there meanwhile is not followed (CVE-2024-45310)
    CLOSE_FD int made = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (made < 0)
        return fail(c, "openat", errno, "%s", path);
    target = open_in(parent, name, O_PATH, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    return target < 0 ? fail(c, "openat2", errno, "%s", path) : target;
}

int rootfs_attach(struct context *c, int mount, const char *path, enum mountpoint kind)
{
    CLOSE_FD int target = rootfs_mountpoint(c, path, kind);
    if (target < 0)
        return -1;
    struct statfs info;
    if (fstatfs(target, &info) < 0)
        return fail(c, "fstatfs", errno, "%s", path);
    // which paths below /proc may be covered the plan says; no other path may end up there
    if (info.f_type == PROC_SUPER_MAGIC && strncmp(path, "/proc", 5) != 0)
        return fail(c, "move_mount", EPERM, "%s leads into procfs", path);
    // and nothing but a procfs may pose as one (CVE-2019-16884)
    if (strcmp(path, "/proc") == 0 && (fstatfs(mount, &info) < 0 || info.f_type != PROC_SUPER_MAGIC))
        return fail(c, "move_mount", EPERM, "/proc can only be a procfs");
    if (attach_mount(mount, target) < 0)
        return fail(c, "move_mount", errno, "%s", path);
    return 0;
}
