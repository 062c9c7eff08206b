// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "runts.h"

// Fills *failure with the facts of one system call outside a plan and returns -1.
static inline int fail(struct runts_failure *failure, const char *syscall, int error, const char *path)
{
    failure->syscall = syscall;
    failure->error = error;
    size_t length = strlen(path), room = sizeof failure->path - 1;
    bool whole = length <= room;
    memcpy(failure->path, whole ? path : path + length - room, (whole ? length : room) + 1);
    if (!whole)
        memcpy(failure->path, "...", 3); // the end of a path says more than its beginning
    return -1;
}
