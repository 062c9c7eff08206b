// SPDX-License-Identifier: Apache-2.0

// removeCgroup: a container's cgroup goes with all that the container has made below it, and with those above
// it that its create has made.

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgroup_files.h"
#include "cleanup.h"

void cgroup_remove_made(int mount, const char *path, size_t made)
{
    char partial[PATH_MAX];
    size_t length = strlen(path);
    if (length >= sizeof partial)
        return; // then none was made
    memcpy(partial, path, length + 1);
    while (made > 0 && length >= made) {
        // making them may have ended before the lowest ones, or at a file of the kernel's
        if (unlinkat(mount, partial + strspn(partial, "/"), AT_REMOVEDIR) < 0 && errno != ENOENT &&
            errno != ENOTDIR)
            return; // someone else uses it already
        char *slash = strrchr(partial, '/');
        if (!slash)
            return;
        *slash = 0;
        length = (size_t)(slash - partial);
    }
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

static bool take_name(const char *name, void *taken)
{
    (void)snprintf(taken, PATH_MAX, "%s", name);
    return true;
}

// Removes all that the container has made below its cgroup, however deep: down to one that has none below it,
// and up again. Two descriptors at any depth, since the container decides how deep. -1 with errno.
static int remove_below(int top)
{
    char name[PATH_MAX], inner[PATH_MAX];
    CLOSE_FD int folder = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t depth = 0; folder >= 0;) {
        int found = cgroup_each_below(folder, take_name, name);
        if (found < 0)
            return -1;
        if (found > 0) {
            if (unlinkat(folder, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
                continue;
            int error = errno;
            int below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (below >= 0 && cgroup_each_below(below, take_name, inner) > 0) {
                close_fd(&folder);
                folder = below;
                depth++;
                continue;
            }
            close_fd(&below);
            errno = error;
            return -1;
        }
        if (depth-- == 0)
            return 0;
        int above = openat(folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        close_fd(&folder);
        folder = above;
    }
    return -1;
}

static int remove_all(int parent, const char *name, bool keep)
{
    CLOSE_FD int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return errno == ENOENT ? 0 : -1;
    // mostly there is nothing below it
    if (!keep && (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT))
        return 0;
    if (remove_below(folder) < 0)
        return -1;
    return keep || unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : -1;
}

// A killed process leaves its cgroup only when it is reaped: waits, first briefly.
static int remove_tree(struct context *c, const struct args_remove_cgroup *a, int parent, const char *name,
                       bool keep)
{
    for (int64_t waited = 0, pause = 1;; waited += pause, pause = pause < 20 ? pause * 2 : pause) {
        // without time it is not known to be ours, and may as well stay
        if (remove_all(parent, name, keep) == 0 || a->milliseconds == 0)
            return 0;
        if (errno != EBUSY && errno != EINTR)
            return fail(c, "unlinkat", errno, "%s", a->path);
        if (waited >= a->milliseconds)
            return fail(c, "unlinkat", EBUSY, "%s still has processes", a->path);
        (void)poll(NULL, 0, (int)pause);
    }
}

int op_remove_cgroup(struct context *c, const struct args_remove_cgroup *a)
{
    CLOSE_FD int mount = cgroup_mount(c, a->mount);
    if (mount < 0)
        return -1;
    char parent_path[PATH_MAX];
    if (strlen(a->path) >= sizeof parent_path)
        return 0; // makeCgroup refuses it
    (void)snprintf(parent_path, sizeof parent_path, "%s", a->path);
    char *slash = strrchr(parent_path, '/');
    if (!slash || !slash[1])
        return fail(c, "unlinkat", EINVAL, "%s", a->path);
    *slash = 0;
    CLOSE_FD int parent = cgroup_openat(mount, parent_path, O_PATH | O_DIRECTORY);
    if (parent < 0)
        return errno == ENOENT || a->milliseconds == 0 ? 0 : fail(c, "openat2", errno, "%s", parent_path);
    size_t made = made_by_create(c, a->path);
    // one that was there before the container stays
    if (remove_tree(c, a, parent, slash + 1, made == 0) < 0)
        return -1;
    if (made > 0 && made < strlen(a->path))
        cgroup_remove_made(mount, parent_path, made);
    return 0;
}
