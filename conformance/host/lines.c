// SPDX-License-Identifier: Apache-2.0

#include "lines.h"

#include <errno.h>
#include <unistd.h>

int write_out(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

int write_line(struct json *line)
{
    json_line_end(line);
    errno = ENOMEM;
    int result = line->broken ? -1 : write_out(line->text, line->length);
    int saved = errno;
    json_free(line);
    errno = saved;
    return result;
}
