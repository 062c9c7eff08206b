// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

// As lib/host.ts names what lies at a path.
static inline const char *file_kind(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return "file";
    case S_IFDIR:
        return "directory";
    case S_IFLNK:
        return "symlink";
    case S_IFSOCK:
        return "socket";
    default:
        return "other";
    }
}
