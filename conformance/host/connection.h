// SPDX-License-Identifier: Apache-2.0
#pragma once

// A unix socket at which runtimes deliver descriptors.

#include <stddef.h>
#include <sys/types.h>

// Binds, listens, prints "listening" and takes the first connection; -1 when that failed and has been said.
int connection_take(const char *path);

// One message: its bytes, how many descriptors came, the first of them (or -1; the others are closed).
struct delivery {
    char *bytes;
    size_t size, length;
    int fds, first;
};
// 0 at the end of the connection, -1 with errno.
ssize_t connection_receive(int connection, struct delivery *delivery);
