// SPDX-License-Identifier: Apache-2.0

// enableControllers: what a cgroup hands down to those below it.

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cgroup_files.h"
#include "cleanup.h"

// Whether a word is in a list of words between blanks.
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\n' || at[length] == 0))
            return true;
    return false;
}

// "+NAME" for each of the names that is not enabled yet; the length.
static size_t missing_of(const char *enabled, const struct strings *names, char *line, size_t size)
{
    size_t length = 0;
    line[0] = 0;
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        if (has_word(enabled, name) || length + strlen(name) + 3 > size)
            continue;
        length += (size_t)snprintf(line + length, size - length, "%s+%s", length ? " " : "", name);
    }
    return length;
}

// Whether processes stand in the cgroup itself. The kernel refuses it most controllers then, but with cpu,
// cpuset or pids it becomes the root of a threaded subtree, in which nobody can make a container any more.
// The root of all cgroups, which alone has no type, may do both.
static bool is_occupied(int cgroup)
{
    char some;
    if (faccessat(cgroup, "cgroup.type", F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return false;
    CLOSE_FD int procs = cgroup_openat(cgroup, "cgroup.procs", O_RDONLY);
    return procs >= 0 && RETRY(read(procs, &some, 1)) > 0;
}

// What other containers have enabled already is left alone: a write makes the kernel wait for cgroups that
// are on their way out.
int op_enable_controllers(struct context *c, const struct args_enable_controllers *a)
{
    char enabled[512], line[512], offer[512];
    CLOSE_FD int mount = cgroup_mount(c, a->mount);
    if (mount < 0)
        return -1;
    CLOSE_FD int cgroup = cgroup_openat(mount, a->path, O_PATH | O_DIRECTORY);
    if (cgroup < 0)
        return fail(c, "openat2", errno, "%s", a->path);
    CLOSE_FD int file = cgroup_openat(cgroup, "cgroup.subtree_control", O_RDONLY);
    ssize_t length = file < 0 ? -1 : RETRY(read(file, enabled, sizeof enabled - 1));
    if (length < 0)
        return fail(c, "read", errno, "%s: cgroup.subtree_control", a->path);
    enabled[length] = 0;
    bool needs = missing_of(enabled, &a->needed, line, sizeof line) > 0;
    bool offers = missing_of(enabled, &a->offered, offer, sizeof offer) > 0;
    if (!needs && !offers)
        return 0;
    if (is_occupied(cgroup))
        return needs ? fail(c, "write", EBUSY, "%s: cgroup.subtree_control: %s", a->path, line) : 0;
    if (needs && cgroup_write(c, cgroup, "cgroup.subtree_control", line) < 0)
        return fail(c, "write", c->failure.error, "%s: cgroup.subtree_control: %s", a->path, line);
    // nobody has asked for the others: one that cannot be had must not cost the rest
    if (!offers || cgroup_write(c, cgroup, "cgroup.subtree_control", offer) == 0)
        return 0;
    for (size_t i = 0; i < a->offered.count; i++) {
        (void)snprintf(line, sizeof line, "+%s", a->offered.items[i]);
        (void)cgroup_write(c, cgroup, "cgroup.subtree_control", line);
    }
    return 0;
}
