// SPDX-License-Identifier: Apache-2.0

// What lies at a path below a folder, looked at without following anything that is there: for those who ask
// afterwards why a container could not be made.

#include "cleanup.h"
#include "file_kind.h"
#include "runts.h"
#include "system_failure.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

static int read_link(int fd, const char *path, struct runts_sight *out, struct runts_failure *failure)
{
    char *target = malloc(PATH_MAX);
    if (!target)
        return fail(failure, "malloc", ENOMEM, path);
    ssize_t length = readlinkat(fd, "", target, PATH_MAX);
    if (length < 0) {
        int error = errno;
        free(target);
        return fail(failure, "readlinkat", error, path);
    }
    out->content = (struct runts_bytes){.data = (uint8_t *)target, .length = (size_t)length};
    return 0;
}

// The beginning of a regular file. It is opened anew through its descriptor: by name it could be another one
// by now, such as a device, which even an open may set going.
static int read_head(int fd, size_t limit, const char *path, struct runts_sight *out,
                     struct runts_failure *failure)
{
    char self[32];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    CLOSE_FD int file = open(self, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0)
        return fail(failure, "open", errno, path);
    uint8_t *head = malloc(limit);
    if (!head)
        return fail(failure, "malloc", ENOMEM, path);
    size_t held = 0;
    while (held < limit) {
        ssize_t got = RETRY(read(file, head + held, limit - held));
        if (got < 0) {
            int error = errno;
            free(head);
            return fail(failure, "read", error, path);
        }
        if (got == 0)
            break;
        held += (size_t)got;
    }
    out->content = (struct runts_bytes){.data = head, .length = held};
    return 0;
}

int runts_look(const char *root, const char *path, size_t limit, struct runts_sight *out,
               struct runts_failure *failure)
{
    enum { MOST = 1 << 20 };
    *out = (struct runts_sight){0};
    struct open_how how = {.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    CLOSE_FD int fd = open(root, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return fail(failure, "open", errno, root);
    if (*path) {
        int found = (int)syscall(SYS_openat2, fd, path, &how, sizeof how);
        if (found < 0)
            return fail(failure, "openat2", errno, path);
        close_fd(&fd);
        fd = found;
    }
    struct stat info;
    struct statfs system;
    if (fstat(fd, &info) < 0)
        return fail(failure, "fstat", errno, path);
    if (fstatfs(fd, &system) < 0)
        return fail(failure, "fstatfs", errno, path);
    out->kind = file_kind(info.st_mode);
    out->mode = info.st_mode & 07777;
    out->uid = info.st_uid;
    out->gid = info.st_gid;
    out->mount_flags = (uint64_t)system.f_flags;
    out->file_system = (uint32_t)system.f_type;
    if (S_ISLNK(info.st_mode))
        return read_link(fd, path, out, failure);
    if (S_ISREG(info.st_mode) && limit > 0)
        return read_head(fd, limit < MOST ? limit : MOST, path, out, failure);
    return 0;
}
