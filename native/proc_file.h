// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include "context.h"

// A file of the procfs opened before anything of the container could be in the way; -1 with errno.
static inline int proc_open(const struct context *c, const char *path, int flags)
{
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, c->proc, path, &how, sizeof how);
}
