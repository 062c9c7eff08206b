// SPDX-License-Identifier: Apache-2.0
#pragma once

// The lock of a container's folder: flock(2), held for as long as the descriptor is open.

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/stat.h>

// -1 with errno: EBUSY when another command holds it for longer than that, ENOENT when it was deleted
// meanwhile.
static inline int lock_folder(int folder, int64_t milliseconds)
{
    for (int64_t waited = 0; flock(folder, LOCK_EX | LOCK_NB) < 0; waited += 5) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return -1;
        if (waited >= milliseconds) {
            errno = EBUSY;
            return -1;
        }
        (void)poll(NULL, 0, 5);
    }
    struct stat info;
    if (fstat(folder, &info) == 0 && info.st_nlink > 0)
        return 0;
    errno = ENOENT;
    return -1;
}
