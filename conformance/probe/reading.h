// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <sys/types.h>

// At most `size` bytes of a file, without ever waiting for them; -1 with errno.
ssize_t read_file(const char *path, char *buffer, size_t size);
// At most `most` bytes until the end, to be freed; NULL with errno.
char *read_all(int fd, size_t most, size_t *length);
