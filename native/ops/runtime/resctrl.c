// SPDX-License-Identifier: Apache-2.0

// Classes and monitoring groups of the resctrl file system (Documentation/filesystems/resctrl.rst of Linux):
// makeResctrl, writeResctrl, joinResctrl, removeResctrl. Names are resolved beneath the mount.

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "context.h"

static int open_beneath(struct context *c, const char *mount, const char *path, int flags)
{
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV};
    CLOSE_FD int root = open(mount, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return fail(c, "open", errno, "%s", mount);
    int fd = (int)syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof how);
    return fd < 0 ? fail(c, "openat2", errno, "%s/%s", mount, path) : fd;
}

// The folder that holds the path's last name.
static int open_parent(struct context *c, const char *mount, const char *path, const char **name)
{
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    (void)snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - path) : 0, path);
    return open_beneath(c, mount, parent, O_PATH | O_DIRECTORY);
}

static int write_file(struct context *c, const char *mount, const char *path, const char *file,
                      const char *value)
{
    CLOSE_FD int folder = open_beneath(c, mount, path, O_PATH | O_DIRECTORY);
    if (folder < 0)
        return -1;
    CLOSE_FD int fd = openat(folder, file, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail(c, "openat", errno, "%s/%s/%s", mount, path, file);
    if (RETRY(write(fd, value, strlen(value))) < 0)
        return fail(c, "write", errno, "%s/%s/%s: %s", mount, path, file, value);
    return 0;
}

int op_make_resctrl(struct context *c, const struct args_make_resctrl *a)
{
    const char *name;
    CLOSE_FD int parent = open_parent(c, a->mount, a->path, &name);
    if (parent < 0)
        return -1;
    return mkdirat(parent, name, 0755) < 0 ? fail(c, "mkdirat", errno, "%s/%s", a->mount, a->path) : 0;
}

int op_write_resctrl(struct context *c, const struct args_write_resctrl *a)
{
    char line[4096];
    int length = snprintf(line, sizeof line, "%s\n", a->value); // the kernel wants whole lines
    if (length < 0 || (size_t)length >= sizeof line)
        return fail(c, "write", EINVAL, "a line of %zu bytes for schemata", strlen(a->value));
    return write_file(c, a->mount, a->path, "schemata", line);
}

int op_join_resctrl(struct context *c, const struct args_join_resctrl *a)
{
    char pid[16];
    (void)snprintf(pid, sizeof pid, "%d", c->init ? c->init : c->stage);
    return write_file(c, a->mount, a->path, "tasks", pid);
}

int op_remove_resctrl(struct context *c, const struct args_remove_resctrl *a)
{
    const char *name;
    CLOSE_FD int parent = open_parent(c, a->mount, a->path, &name);
    if (parent < 0)
        return c->failure.error == ENOENT ? 0 : -1;
    if (unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
        return fail(c, "unlinkat", errno, "%s/%s", a->mount, a->path);
    return 0;
}
