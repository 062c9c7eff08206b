// SPDX-License-Identifier: Apache-2.0

// The container's folder below the root: state.json (written once, before any other effect), config.json
// (as it was read), cgroup (there once the cgroup is ours), process (there once it is created), start (the
// socket init waits on), notify (a folder with the socket for sd_notify(3)). Its flock(2) is held while a
// command changes the container.

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "context.h"
#include "folder_lock.h"
#include "state.h"
#include "write_all.h"

enum { NESTED_FOLDERS = 64 };

static int make_parents(struct context *c, const char *path)
{
    char partial[PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof partial)
        return fail(c, "mkdir", ENAMETOOLONG, "%s", path);
    memcpy(partial, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (partial[i] != '/' && partial[i] != 0)
            continue;
        char saved = partial[i];
        partial[i] = 0;
        if (mkdir(partial, i == length ? 0700 : 0755) < 0 && errno != EEXIST)
            return fail(c, "mkdir", errno, "%s", partial);
        partial[i] = saved;
    }
    return 0;
}

int state_write(struct context *c, const char *name, const void *data, size_t length)
{
    char temporary[64];
    (void)snprintf(temporary, sizeof temporary, ".%s", name);
    CLOSE_FD int fd =
        openat(c->state, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail(c, "openat", errno, "%s", name);
    if (write_all(fd, data, length) < 0)
        return fail(c, "write", errno, "%s", name);
    // no fsync(2): a loss of power ends the container as well, and a damaged record is cleaned up by delete;
    // where the root is on a disk the four of them took longer than all the rest of create (ext4: 4 ms)
    if (renameat(c->state, temporary, c->state, name) < 0)
        return fail(c, "renameat", errno, "%s", name);
    return 0;
}

static int empty_folder(struct context *c, int folder, int depth);

// A folder in it, which a container with all rights may have filled.
static int remove_folder(struct context *c, int parent, const char *name, int depth)
{
    if (depth == 0)
        return fail(c, "openat", ELOOP, "%s: folders in folders", name);
    CLOSE_FD int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return errno == ENOENT ? 0 : fail(c, "openat", errno, "%s", name);
    if (empty_folder(c, folder, depth - 1) < 0)
        return -1;
    return unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT
               ? fail(c, "unlinkat", errno, "%s", name)
               : 0;
}

static int remove_entry(struct context *c, int folder, const char *name, int depth)
{
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
        return 0;
    return errno == EISDIR ? remove_folder(c, folder, name, depth) : fail(c, "unlinkat", errno, "%s", name);
}

static int empty_folder(struct context *c, int folder, int depth)
{
    DIR *entries = fdopendir(dup(folder));
    if (!entries)
        return fail(c, "fdopendir", errno, "state");
    rewinddir(entries);
    int result = 0;
    for (struct dirent *entry; result == 0 && (entry = readdir(entries));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            result = remove_entry(c, folder, entry->d_name, depth);
    (void)closedir(entries);
    return result;
}

int op_remove_state(struct context *c, const struct args_remove_state *a)
{
    CLOSE_FD int root = open(a->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return errno == ENOENT ? 0 : fail(c, "open", errno, "%s", a->root);
    CLOSE_FD int folder = openat(root, a->id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return errno == ENOENT ? 0 : fail(c, "openat", errno, "%s", a->id);
    if (empty_folder(c, folder, NESTED_FOLDERS) < 0)
        return -1;
    if (unlinkat(root, a->id, AT_REMOVEDIR) < 0 && errno != ENOENT)
        return fail(c, "unlinkat", errno, "%s", a->id);
    return 0;
}

int op_make_state(struct context *c, const struct args_make_state *a)
{
    if (make_parents(c, a->root) < 0)
        return -1;
    CLOSE_FD int root = open(a->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return fail(c, "open", errno, "%s", a->root);
    if (mkdirat(root, a->id, 0700) < 0) // of two creates with one id, exactly one passes here
        return fail(c, "mkdirat", errno, "%s", a->id);
    c->state = openat(root, a->id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (c->state >= 0 && flock(c->state, LOCK_EX | LOCK_NB) == 0 &&
        state_write(c, "config.json", a->config.data, a->config.length) == 0 &&
        state_write(c, "state.json", a->record, strlen(a->record)) == 0)
        return 0;
    if (c->failure.error == 0)
        (void)fail(c, "openat", errno, "%s", a->id);
    struct failure first = c->failure;
    struct args_remove_state removal = {.root = a->root, .id = a->id};
    (void)op_remove_state(c, &removal); // the first failure is the one to tell
    c->failure = first;
    return -1;
}

int op_lock_state(struct context *c, const struct args_lock_state *a)
{
    CLOSE_FD int root = open(a->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return fail(c, "open", errno, "%s", a->root);
    c->state = openat(root, a->id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (c->state < 0)
        return fail(c, "openat", errno, "%s", a->id);
    if (lock_folder(c->state, a->milliseconds) == 0)
        return 0;
    return fail(c, "flock", errno, "%s%s", a->id,
                errno == EBUSY ? ": another command holds this container" : "");
}

int op_unlock_state(struct context *c)
{
    return flock(c->state, LOCK_UN) < 0 ? fail(c, "flock", errno, "LOCK_UN") : 0;
}

int op_write_pid_file(struct context *c, const struct args_write_pid_file *a)
{
    char temporary[PATH_MAX];
    char text[16];
    const char *slash = strrchr(a->path, '/');
    int folder = slash ? (int)(slash - a->path) + 1 : 0;
    int length = snprintf(temporary, sizeof temporary, "%.*s.%s", folder, a->path, a->path + folder);
    if (length < 0 || (size_t)length >= sizeof temporary)
        return fail(c, "open", ENAMETOOLONG, "%s", a->path);
    // engines parse the whole file as a number: no newline
    int digits = snprintf(text, sizeof text, "%d", c->init);
    CLOSE_FD int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return fail(c, "open", errno, "%s", temporary);
    int failed = write_all(fd, text, (size_t)digits) < 0 || rename(temporary, a->path) < 0;
    if (!failed)
        return 0;
    int error = errno;
    (void)unlink(temporary);
    return fail(c, "rename", error, "%s", a->path);
}
