// SPDX-License-Identifier: Apache-2.0

// Debian compiles libseccomp and libmd against glibc with _FORTIFY_SOURCE. These are the only two of
// glibc's own functions they then ask for; musl has none of that name.

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int __fprintf_chk(FILE *file, int flag, const char *format, ...);
ssize_t __read_chk(int fd, void *buffer, size_t length, size_t room);

int __fprintf_chk(FILE *file, int flag, const char *format, ...)
{
    (void)flag;
    va_list list;
    va_start(list, format);
    int result = vfprintf(file, format, list);
    va_end(list);
    return result;
}

ssize_t __read_chk(int fd, void *buffer, size_t length, size_t room)
{
    if (length > room)
        abort();
    return read(fd, buffer, length);
}
