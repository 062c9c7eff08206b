// SPDX-License-Identifier: Apache-2.0

// Debian compiles libseccomp, libmd and libdbus against glibc with _FORTIFY_SOURCE. These are the only ones
// of glibc's own functions they then ask for; musl has none of that name. A room that is too small ends the
// program, as it does there.

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

int __fprintf_chk(FILE *file, int flag, const char *format, ...);
int __vfprintf_chk(FILE *file, int flag, const char *format, va_list list);
int __snprintf_chk(char *text, size_t length, int flag, size_t room, const char *format, ...);
int __vsnprintf_chk(char *text, size_t length, int flag, size_t room, const char *format, va_list list);
int __vsprintf_chk(char *text, int flag, size_t room, const char *format, va_list list);
void __vsyslog_chk(int priority, int flag, const char *format, va_list list);
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

int __vfprintf_chk(FILE *file, int flag, const char *format, va_list list)
{
    (void)flag;
    return vfprintf(file, format, list);
}

int __vsnprintf_chk(char *text, size_t length, int flag, size_t room, const char *format, va_list list)
{
    (void)flag;
    if (length > room)
        abort();
    return vsnprintf(text, length, format, list);
}

int __snprintf_chk(char *text, size_t length, int flag, size_t room, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int result = __vsnprintf_chk(text, length, flag, room, format, list);
    va_end(list);
    return result;
}

int __vsprintf_chk(char *text, int flag, size_t room, const char *format, va_list list)
{
    (void)flag;
    if (room > INT_MAX) // not known to the compiler; musl's vsnprintf takes no such number
        return vsprintf(text, format, list);
    int length = vsnprintf(text, room, format, list);
    if (length >= 0 && (size_t)length >= room)
        abort();
    return length;
}

void __vsyslog_chk(int priority, int flag, const char *format, va_list list)
{
    (void)flag;
    vsyslog(priority, format, list);
}

ssize_t __read_chk(int fd, void *buffer, size_t length, size_t room)
{
    if (length > room)
        abort();
    return read(fd, buffer, length);
}
