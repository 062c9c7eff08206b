// SPDX-License-Identifier: Apache-2.0

#include "reading.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static ssize_t fill(int fd, char *buffer, size_t size)
{
    size_t length = 0;
    while (length < size) {
        ssize_t got = read(fd, buffer + length, size - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

ssize_t read_file(const char *path, char *buffer, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return -1;
    ssize_t length = fill(fd, buffer, size);
    int saved = errno;
    (void)close(fd); // only read
    errno = saved;
    return length;
}

char *read_all(int fd, size_t most, size_t *length)
{
    char *text = NULL;
    *length = 0;
    for (size_t size = 65536; *length < most; size *= 2) {
        size = size < most ? size : most;
        char *larger = realloc(text, size);
        ssize_t got = larger ? fill(fd, larger + *length, size - *length) : -1;
        if (got < 0) {
            int saved = errno;
            free(larger ? larger : text);
            errno = saved;
            return NULL;
        }
        text = larger;
        *length += (size_t)got;
        if (*length < size)
            break;
    }
    return text;
}
