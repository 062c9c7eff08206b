// SPDX-License-Identifier: Apache-2.0

// cgroup v2: every name is resolved beneath the cgroup2 mount, never through a symlink or another mount, so
// that neither a path nor a file name from the configuration can reach outside (runc GHSA-5g49-rx9x-qfc6).

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

#include "cgroup_files.h"
#include "cleanup.h"
#include "context.h"
#include "write_all.h"

static int open_beneath(int folder, const char *path, int flags)
{
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV};
    while (*path == '/')
        path++;
    return (int)syscall(SYS_openat2, folder, *path ? path : ".", &how, sizeof how);
}

static int open_mount(struct context *c, const char *mount)
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

// Whether a line such as "populated 1" is in a file of the cgroup.
static bool has_line(int cgroup, const char *file, const char *line)
{
    char text[256];
    CLOSE_FD int fd = open_beneath(cgroup, file, O_RDONLY);
    ssize_t length = fd < 0 ? -1 : RETRY(read(fd, text, sizeof text - 1));
    if (length <= 0)
        return false;
    text[length] = 0;
    return strstr(text, line) != NULL;
}

// Makes each missing part of the path; *made is the length of the path up to the first one made.
static int make_path(struct context *c, int mount, const char *path, size_t *made)
{
    char partial[PATH_MAX];
    size_t length = strlen(path);
    if (length >= sizeof partial)
        return fail(c, "mkdirat", ENAMETOOLONG, "%s", path);
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
        CLOSE_FD int folder = open_beneath(mount, parent, O_PATH | O_DIRECTORY);
        if (folder < 0)
            return fail(c, "openat2", errno, "%s", parent);
        if (mkdirat(folder, slash ? slash + 1 : partial, 0755) == 0)
            *made = *made ? *made : i;
        else if (errno != EEXIST)
            return fail(c, "mkdirat", errno, "%s", partial);
    }
    return 0;
}

static void remove_made(int mount, const char *path, size_t made)
{
    char partial[PATH_MAX];
    size_t length = strlen(path);
    memcpy(partial, path, length + 1);
    while (made > 0 && length >= made) {
        if (unlinkat(mount, partial + strspn(partial, "/"), AT_REMOVEDIR) < 0)
            return; // someone else uses it already
        char *slash = strrchr(partial, '/');
        if (!slash)
            return;
        *slash = 0;
        length = (size_t)(slash - partial);
    }
}

// What delete is to remove: the length of the path up to the first part that create made, 0 when all was
// there.
static int mark_own(struct context *c, size_t made)
{
    char text[24];
    int length = snprintf(text, sizeof text, "%zu\n", made);
    CLOSE_FD int fd = openat(c->state, "cgroup", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(c, "openat", errno, "cgroup");
    return write_all(fd, text, (size_t)length) < 0 ? fail(c, "write", errno, "cgroup") : 0;
}

// As mark_own left it; the whole path where a create ended before that.
static size_t made_by_create(const struct context *c, const char *path)
{
    char text[24];
    CLOSE_FD int fd = openat(c->state, "cgroup", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : RETRY(read(fd, text, sizeof text - 1));
    if (length <= 0)
        return strlen(path);
    text[length] = 0;
    return (size_t)strtoul(text, NULL, 10);
}

int op_make_cgroup(struct context *c, const struct args_make_cgroup *a)
{
    CLOSE_FD int mount = open_mount(c, a->mount);
    size_t made = 0;
    if (mount < 0)
        return -1;
    int result = make_path(c, mount, a->path, &made);
    if (result == 0) {
        c->cgroup = open_beneath(mount, a->path, O_RDONLY | O_DIRECTORY);
        if (c->cgroup < 0)
            result = fail(c, "openat2", errno, "%s", a->path);
        else if (has_line(c->cgroup, "cgroup.events", "populated 1"))
            result = fail(c, "mkdirat", EBUSY, "%s has processes already", a->path);
        else if (has_line(c->cgroup, "cgroup.events", "frozen 1"))
            result = fail(c, "mkdirat", EBUSY, "%s is frozen", a->path);
    }
    // from here on the cgroup is ours to kill: delete looks for this file
    if (result == 0)
        result = mark_own(c, made);
    if (result < 0)
        remove_made(mount, a->path, made);
    return result;
}

int cgroup_open(struct context *c, const char *mount, const char *path)
{
    CLOSE_FD int root = open_mount(c, mount);
    if (root < 0)
        return -1;
    int fd = open_beneath(root, path, O_RDONLY | O_DIRECTORY);
    return fd < 0 ? fail(c, "openat2", errno, "%s", path) : fd;
}

int cgroup_write(struct context *c, int cgroup, const char *file, const char *value)
{
    CLOSE_FD int fd = open_beneath(cgroup, file, O_WRONLY);
    if (fd < 0)
        return fail(c, "openat2", errno, "%s", file);
    if (RETRY(write(fd, value, strlen(value))) < 0)
        return fail(c, "write", errno, "%s: %s", file, value);
    return 0;
}

int op_open_cgroup(struct context *c, const struct args_open_cgroup *a)
{
    c->cgroup = cgroup_open(c, a->mount, a->path);
    return c->cgroup < 0 ? -1 : 0;
}

int op_write_cgroup(struct context *c, const struct args_write_cgroup *a)
{
    return cgroup_write(c, c->cgroup, a->file, a->value);
}

int op_write_cgroup_either(struct context *c, const struct args_write_cgroup_either *a)
{
    for (size_t i = 0; i < a->files.count && i < a->values.count; i++)
        if (i + 1 == a->files.count ||
            faccessat(c->cgroup, a->files.items[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
            return cgroup_write(c, c->cgroup, a->files.items[i], a->values.items[i]);
    return fail(c, "openat2", ENOENT, "no file to write to");
}

int op_enable_controllers(struct context *c, const struct args_enable_controllers *a)
{
    CLOSE_FD int mount = open_mount(c, a->mount);
    if (mount < 0)
        return -1;
    CLOSE_FD int cgroup = open_beneath(mount, a->path, O_PATH | O_DIRECTORY);
    if (cgroup < 0)
        return fail(c, "openat2", errno, "%s", a->path);
    return cgroup_write(c, cgroup, "cgroup.subtree_control", a->value);
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

// Calls `each` for every cgroup at and below this one, the deepest first.
static int walk(int parent, const char *name, int depth,
                int (*each)(int parent, const char *name, int folder, void *), void *with)
{
    CLOSE_FD int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 || depth > 64)
        return folder < 0 && errno == ENOENT ? 0 : -1;
    DIR *entries = fdopendir(dup(folder));
    if (!entries)
        return -1;
    for (struct dirent *entry; (entry = readdir(entries));)
        if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)walk(folder, entry->d_name, depth + 1, each, with); // the outermost call tells
    (void)closedir(entries);
    return each(parent, name, folder, with);
}

static int signal_each(int parent, const char *name, int folder, void *with)
{
    char line[32];
    (void)parent, (void)name;
    FILE *procs = fdopen(open_beneath(folder, "cgroup.procs", O_RDONLY), "r");
    if (!procs)
        return -1;
    while (fgets(line, sizeof line, procs)) {
        CLOSE_FD int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)strtol(line, NULL, 10), 0);
        if (pidfd >= 0)
            (void)syscall(SYS_pidfd_send_signal, pidfd, *(int *)with, NULL, 0); // it may have ended meanwhile
    }
    (void)fclose(procs);
    return 0;
}

int op_kill_cgroup(struct context *c, const struct args_kill_cgroup *a)
{
    int number = (int)a->signal;
    CLOSE_FD int mount = open_mount(c, a->mount);
    if (mount < 0)
        return -1;
    CLOSE_FD int cgroup = open_beneath(mount, a->path, O_RDONLY | O_DIRECTORY);
    if (cgroup < 0)
        return errno == ENOENT ? 0 : fail(c, "openat2", errno, "%s", a->path);
    // not for nothing: what is cloned into a cgroup that was ever killed, Linux 6.18 was seen to kill, too
    if (number == SIGKILL && has_line(cgroup, "cgroup.events", "populated 0"))
        return 0;
    if (number == SIGKILL) {
        CLOSE_FD int file = open_beneath(cgroup, "cgroup.kill", O_WRONLY); // Linux 5.14
        if (file >= 0 && write_all(file, "1", 1) == 0)
            return 0;
    }
    if (walk(cgroup, ".", 0, signal_each, &number) < 0)
        return fail(c, "open", errno, "cgroup.procs of %s", a->path);
    return 0;
}

// The cgroup that stays, where it was there before the container.
struct kept {
    int parent;
    const char *name;
};

static int remove_each(int parent, const char *name, int folder, void *with)
{
    const struct kept *kept = with;
    (void)folder;
    if (kept->name && parent == kept->parent && strcmp(name, kept->name) == 0)
        return 0;
    return unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? -1 : 0;
}

// A killed process leaves its cgroup only when it is reaped: waits, first briefly.
static int remove_tree(struct context *c, const struct args_remove_cgroup *a, int parent, const char *name,
                       struct kept *kept)
{
    for (int64_t waited = 0, pause = 1;; waited += pause, pause = pause < 20 ? pause * 2 : pause) {
        if (walk(parent, name, 0, remove_each, kept) == 0)
            return 0;
        if (errno != EBUSY && errno != EINTR)
            return fail(c, "unlinkat", errno, "%s", a->path);
        if (a->milliseconds == 0)
            return 0;
        if (waited >= a->milliseconds)
            return fail(c, "unlinkat", EBUSY, "%s still has processes", a->path);
        (void)poll(NULL, 0, (int)pause);
    }
}

int op_remove_cgroup(struct context *c, const struct args_remove_cgroup *a)
{
    CLOSE_FD int mount = open_mount(c, a->mount);
    if (mount < 0)
        return -1;
    char parent_path[PATH_MAX];
    (void)snprintf(parent_path, sizeof parent_path, "%s", a->path);
    char *slash = strrchr(parent_path, '/');
    if (!slash || !slash[1])
        return fail(c, "unlinkat", EINVAL, "%s", a->path);
    *slash = 0;
    CLOSE_FD int parent = open_beneath(mount, parent_path, O_PATH | O_DIRECTORY);
    if (parent < 0)
        return errno == ENOENT ? 0 : fail(c, "openat2", errno, "%s", parent_path);
    size_t made = made_by_create(c, a->path);
    struct kept kept = {.parent = parent, .name = made == 0 ? slash + 1 : NULL};
    if (remove_tree(c, a, parent, slash + 1, &kept) < 0)
        return -1;
    if (made > 0 && made < strlen(a->path))
        remove_made(mount, parent_path, made);
    return 0;
}
