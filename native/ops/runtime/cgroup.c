// SPDX-License-Identifier: Apache-2.0

// cgroup v2: every name is resolved beneath the cgroup2 mount, never through a symlink or another mount, so
// that neither a path nor a file name from the configuration can reach outside (runc GHSA-5g49-rx9x-qfc6).

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

#include "cgroup_files.h"
#include "cleanup.h"
#include "clock.h"
#include "context.h"
#include "criu.h"
#include "write_all.h"

int cgroup_openat(int folder, const char *path, int flags)
{
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV};
    while (*path == '/')
        path++;
    return (int)syscall(SYS_openat2, folder, *path ? path : ".", &how, sizeof how);
}

int cgroup_mount(struct context *c, const char *mount)
{
    CLOSE_FD int fd = open(mount, O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct statfs info;
    if (fd < 0)
        return fail(c, "open", errno, "%s", mount);
    if (fstatfs(fd, &info) < 0)
        return fail(c, "fstatfs", errno, "%s", mount);
    if (info.f_type != CGROUP2_SUPER_MAGIC)
        return fail(c, "fstatfs", ENODEV, "%s is not a cgroup2 file system", mount);
    return steal_fd(&fd);
}

bool cgroup_has_line(int cgroup, const char *file, const char *line)
{
    char text[256];
    CLOSE_FD int fd = cgroup_openat(cgroup, file, O_RDONLY);
    ssize_t length = fd < 0 ? -1 : RETRY(read(fd, text, sizeof text - 1));
    if (length <= 0)
        return false;
    text[length] = 0;
    return strstr(text, line) != NULL;
}

// getdents64(2); the C library has no declaration for it.
struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

static int each_of(const char *buffer, ssize_t filled, bool (*each)(const char *name, void *), void *with)
{
    for (ssize_t at = 0; at < filled;) {
        const struct entry *entry = (const struct entry *)(const void *)(buffer + at);
        bool own = strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0;
        if (entry->type == DT_DIR && !own && each(entry->name, with))
            return 1;
        at += entry->length;
    }
    return 0;
}

int cgroup_each_below(int folder, bool (*each)(const char *name, void *), void *with)
{
    enum { SIZE = PATH_MAX + 64 };
    CLOSE_FD int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *buffer = fd < 0 ? NULL : malloc(SIZE);
    int result = buffer ? 0 : -1;
    while (result == 0) {
        ssize_t filled = syscall(SYS_getdents64, fd, buffer, (size_t)SIZE);
        if (filled <= 0) {
            result = filled < 0 ? -1 : 0;
            break;
        }
        result = each_of(buffer, filled, each, with);
    }
    free(buffer);
    return result;
}

// Makes each missing part of the path; *made is the length of the path up to the first one made. -1 with
// errno, and `partial` is what failed.
static int make_parts(int mount, const char *path, char partial[PATH_MAX], size_t *made)
{
    size_t length = strlen(path);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != 0)
            continue;
        memcpy(partial, path, i);
        partial[i] = 0;
        const char *slash = strrchr(partial, '/');
        char parent[PATH_MAX];
        size_t parent_length = slash ? (size_t)(slash - partial) : 0;
        memcpy(parent, partial, parent_length);
        parent[parent_length] = 0;
        CLOSE_FD int folder = cgroup_openat(mount, parent, O_PATH | O_DIRECTORY);
        if (folder < 0)
            return -1;
        if (mkdirat(folder, slash ? slash + 1 : partial, 0755) == 0)
            *made = *made && *made < i ? *made : i;
        else if (errno != EEXIST)
            return -1;
    }
    return 0;
}

static int make_path(struct context *c, int mount, const char *path, size_t *made)
{
    char partial[PATH_MAX] = "";
    if (strlen(path) >= sizeof partial)
        return fail(c, "mkdirat", ENAMETOOLONG, "%.64s...", path);
    // A parent that was there may be removed before we are in it, by the delete of whoever made it: again. By
    // time and not by number, since all of many tries may fall into one turn of a processor.
    const int64_t patience = 1000;
    for (int64_t end = 0; make_parts(mount, path, partial, made) < 0;) {
        const int error = errno;
        if (end == 0)
            end = monotonic_milliseconds() + patience;
        if ((error != ENOENT && error != ENODEV) || monotonic_milliseconds() > end)
            return fail(c, "mkdirat", error, "%s", partial);
    }
    return 0;
}

int cgroup_mark_own(struct context *c, size_t made)
{
    char text[24];
    int length = snprintf(text, sizeof text, "%zu\n", made);
    CLOSE_FD int fd = openat(c->state, "cgroup", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(c, "openat", errno, "cgroup");
    return write_all(fd, text, (size_t)length) < 0 ? fail(c, "write", errno, "cgroup") : 0;
}

// Whether a container can be put into the cgroup and taken out of it again. One that was just made may only
// be frozen, with one above it.
static int check_fitness(struct context *c, const char *path, bool was_there)
{
    if (cgroup_has_line(c->cgroup, "cgroup.events", "populated 1"))
        return fail(c, "mkdirat", EBUSY, "%s has processes already", path);
    if (cgroup_has_line(c->cgroup, "cgroup.events", "frozen 1"))
        return fail(c, "mkdirat", EBUSY, "%s is frozen", path);
    // below the root of all it would take a process, which cgroup.kill could not reach then
    if (was_there && cgroup_has_line(c->cgroup, "cgroup.type", "threaded") &&
        !cgroup_has_line(c->cgroup, "cgroup.type", "domain"))
        return fail(c, "mkdirat", EOPNOTSUPP, "%s is threaded", path);
    return 0;
}

int op_make_cgroup(struct context *c, const struct args_make_cgroup *a)
{
    CLOSE_FD int mount = cgroup_mount(c, a->mount);
    size_t made = 0;
    if (mount < 0)
        return -1;
    int result = make_path(c, mount, a->path, &made);
    if (result == 0) {
        c->cgroup = cgroup_openat(mount, a->path, O_RDONLY | O_DIRECTORY);
        result =
            c->cgroup < 0 ? fail(c, "openat2", errno, "%s", a->path) : check_fitness(c, a->path, made == 0);
    }
    // from here on the cgroup is ours to kill: delete looks for this file
    if (result == 0)
        result = cgroup_mark_own(c, made);
    if (result < 0)
        cgroup_remove_made(mount, a->path, made);
    return result;
}

int cgroup_open(struct context *c, const char *mount, const char *path)
{
    CLOSE_FD int root = cgroup_mount(c, mount);
    if (root < 0)
        return -1;
    int fd = cgroup_openat(root, path, O_RDONLY | O_DIRECTORY);
    return fd < 0 ? fail(c, "openat2", errno, "%s", path) : fd;
}

int cgroup_write(struct context *c, int cgroup, const char *file, const char *value)
{
    CLOSE_FD int fd = cgroup_openat(cgroup, file, O_WRONLY);
    if (fd < 0)
        return fail(c, "openat2", errno, "%s", file);
    if (RETRY(write(fd, value, strlen(value))) < 0) // all of it or nothing, of a page at most
        return fail(c, "write", errno, "%s: %s", file, value);
    return 0;
}

int op_open_cgroup(struct context *c, const struct args_open_cgroup *a)
{
    c->cgroup = cgroup_open(c, a->mount, a->path);
    return c->cgroup < 0 ? -1 : 0;
}

int op_enter_cgroup(struct context *c)
{
    char pid[16];
    (void)snprintf(pid, sizeof pid, "%d", c->criu ? c->criu->pid : c->stage);
    return cgroup_write(c, c->cgroup, "cgroup.procs", pid);
}

int op_write_cgroup(struct context *c, const struct args_write_cgroup *a)
{
    return cgroup_write(c, c->cgroup, a->file, a->value);
}

int op_write_cgroup_present(struct context *c, const struct args_write_cgroup_present *a)
{
    return faccessat(c->cgroup, a->file, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT
               ? 0
               : cgroup_write(c, c->cgroup, a->file, a->value);
}

int op_write_cgroup_either(struct context *c, const struct args_write_cgroup_either *a)
{
    for (size_t i = 0; i < a->files.count && i < a->values.count; i++)
        if (i + 1 == a->files.count ||
            faccessat(c->cgroup, a->files.items[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
            return cgroup_write(c, c->cgroup, a->files.items[i], a->values.items[i]);
    return fail(c, "openat2", ENOENT, "no file to write to");
}

int op_own_cgroup(struct context *c, const struct args_own_cgroup *a)
{
    if (fchown(c->cgroup, (uid_t)a->uid, (gid_t)-1) < 0)
        return fail(c, "fchown", errno, "cgroup");
    for (size_t i = 0; i < a->files.count; i++)
        // the spec: a file that this kernel does not have is no error
        if (fchownat(c->cgroup, a->files.items[i], (uid_t)a->uid, (gid_t)-1, AT_SYMLINK_NOFOLLOW) < 0 &&
            errno != ENOENT)
            return fail(c, "fchownat", errno, "%s", a->files.items[i]);
    return 0;
}
