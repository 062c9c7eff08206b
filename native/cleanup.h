// SPDX-License-Identifier: Apache-2.0
#pragma once

// Scope-bound closing: a variable declared CLOSE_FD is closed wherever its scope is left.

#include <errno.h>
#include <unistd.h>

static inline void close_fd(int *fd)
{
    if (*fd >= 0) {
        int saved = errno; // clean-up must not hide what went wrong
        (void)close(*fd);  // nothing is to be done about a failing close of something only read or shared
        errno = saved;
    }
    *fd = -1;
}
#define CLOSE_FD __attribute__((cleanup(close_fd)))

static inline int steal_fd(int *fd)
{
    int stolen = *fd;
    *fd = -1;
    return stolen;
}

// Repeats a call that a signal interrupted.
#define RETRY(call)                                                                                          \
    __extension__({                                                                                          \
        __typeof__(call) result_;                                                                            \
        do                                                                                                   \
            result_ = (call);                                                                                \
        while (result_ < 0 && errno == EINTR);                                                               \
        result_;                                                                                             \
    })
