// SPDX-License-Identifier: Apache-2.0

// A new file for its owner alone, in a folder that others may write to, too: nothing that they have put there
// is followed, opened or overwritten.

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "runts.h"
#include "system_failure.h"
#include "write_all.h"

// No symlink on the way: whoever owns one would choose where we write.
static int open_folder(const char *path)
{
    const struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                                 .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

// One that is missing is made in the folder above it.
static int make_folder(const char *path)
{
    char parent[PATH_MAX];
    const char *name = strrchr(path, '/');
    size_t length = name ? (size_t)(name - path) : 0;
    if (!name || length >= sizeof parent) {
        errno = name ? ENAMETOOLONG : ENOENT;
        return -1;
    }
    memcpy(parent, path, length);
    parent[length] = 0;
    CLOSE_FD int above = open_folder(length == 0 ? "/" : parent);
    if (above < 0 || (mkdirat(above, name + 1, 0700) < 0 && errno != EEXIST))
        return -1;
    return open_folder(path);
}

int runts_new_file(const char *folder, const char *name, const char *text, size_t length,
                   struct runts_failure *failure)
{
    CLOSE_FD int at = open_folder(folder);
    if (at < 0 && errno == ENOENT)
        at = make_folder(folder);
    if (at < 0)
        return fail(failure, "openat2", errno, folder);
    if (strchr(name, '/'))
        return fail(failure, "openat", EINVAL, name);
    CLOSE_FD int fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(failure, "openat", errno, name);
    if (write_all(fd, text, length) == 0)
        return 0;
    int error = errno;
    (void)unlinkat(at, name, 0); // a failed cleanup must not hide the first failure
    return fail(failure, "write", error, name);
}
