// SPDX-License-Identifier: Apache-2.0

// tmpcopyup: a tmpfs that begins with what it covers. Everything is opened by name in its own folder and
// never followed, on both sides.

#include "copy_up.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "rootfs.h"

enum { DEPTH = 128 };

static int copy_bytes(int from, int to, off_t size)
{
    while (size > 0) {
        ssize_t sent = RETRY(sendfile(to, from, NULL, (size_t)size));
        if (sent < 0)
            return -1;
        if (sent == 0)
            break; // shortened meanwhile
        size -= sent;
    }
    return 0;
}

static int copy_file(int from, int to, const char *name, const struct stat *info)
{
    CLOSE_FD int source = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (source < 0)
        return -1;
    CLOSE_FD int target = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (target < 0 || copy_bytes(source, target, info->st_size) < 0)
        return -1;
    if (fchown(target, info->st_uid, info->st_gid) < 0)
        return -1;
    return fchmod(target, info->st_mode & 07777);
}

static int copy_link(int from, int to, const char *name, const struct stat *info)
{
    char text[4096];
    ssize_t length = readlinkat(from, name, text, sizeof text - 1);
    if (length < 0)
        return -1;
    text[length] = 0;
    if (symlinkat(text, to, name) < 0)
        return -1;
    return fchownat(to, name, info->st_uid, info->st_gid, AT_SYMLINK_NOFOLLOW);
}

static int copy_folder(int from, int to, int depth);

static int copy_entry(int from, int to, const char *name, int depth)
{
    struct stat info;
    if (fstatat(from, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
        return -1;
    if (S_ISREG(info.st_mode))
        return copy_file(from, to, name, &info);
    if (S_ISLNK(info.st_mode))
        return copy_link(from, to, name, &info);
    if (!S_ISDIR(info.st_mode))
        return 0; // devices, sockets and pipes stay behind, as with runc
    CLOSE_FD int source = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (source < 0 || mkdirat(to, name, 0700) < 0)
        return -1;
    CLOSE_FD int target = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (target < 0 || copy_folder(source, target, depth + 1) < 0)
        return -1;
    if (fchown(target, info.st_uid, info.st_gid) < 0)
        return -1;
    return fchmod(target, info.st_mode & 07777);
}

static int copy_folder(int from, int to, int depth)
{
    if (depth > DEPTH) {
        errno = ELOOP;
        return -1;
    }
    DIR *entries = fdopendir(fcntl(from, F_DUPFD_CLOEXEC, 3));
    if (!entries)
        return -1;
    int result = 0;
    for (struct dirent *entry; result == 0 && (entry = readdir(entries));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            result = copy_entry(from, to, entry->d_name, depth);
    int error = errno;
    (void)closedir(entries);
    errno = error;
    return result;
}

int copy_up(struct context *c, const char *path, int mount)
{
    CLOSE_FD int from = rootfs_open(c, path, O_RDONLY | O_DIRECTORY, 0);
    if (from < 0)
        return errno == ENOENT ? 0 : fail(c, "openat2", errno, "%s", path);
    // the new mount is not attached yet; "." of its descriptor is its root
    CLOSE_FD int to = openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat info;
    if (to < 0 || copy_folder(from, to, 0) < 0 || fstat(from, &info) < 0 ||
        fchown(to, info.st_uid, info.st_gid) < 0 || fchmod(to, info.st_mode & 07777) < 0)
        return fail(c, "copy", errno, "%s", path);
    return 0;
}
