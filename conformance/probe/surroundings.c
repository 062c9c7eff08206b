// SPDX-License-Identifier: Apache-2.0

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"
#include "reading.h"

#define MOUNTS_MOST (16 << 20)

// "mnt:[4026531841]" → "4026531841"
static void write_inode(struct json *answer, char *target, size_t length)
{
    target[length] = '\0';
    char *number = strchr(target, '[');
    char *end = number ? strchr(number, ']') : NULL;
    if (end)
        json_bytes(answer, number + 1, (size_t)(end - number - 1));
    else
        json_text(answer, target);
}

enum outcome answer_namespaces(const struct question *question, struct json *answer)
{
    (void)question;
    DIR *folder = opendir("/proc/self/ns");
    if (!folder)
        return cannot("opendir");
    json_open(answer, '{');
    for (struct dirent *entry; errno = 0, (entry = readdir(folder));) {
        char target[64];
        if (entry->d_name[0] == '.')
            continue;
        ssize_t length = readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1);
        if (length < 0) {
            (void)cannot("readlink");
            (void)closedir(folder);
            return FAILED;
        }
        write_inode(json_key(answer, entry->d_name), target, (size_t)length);
    }
    enum outcome outcome = errno ? cannot("readdir") : ANSWERED;
    (void)closedir(folder);
    json_close(answer, '}');
    return outcome;
}

enum outcome answer_names(const struct question *question, struct json *answer)
{
    (void)question;
    struct utsname names;
    if (uname(&names) < 0)
        return cannot("uname");
    json_open(answer, '{');
    json_text(json_key(answer, "hostname"), names.nodename);
    json_text(json_key(answer, "domainname"), names.domainname);
    json_text(json_key(answer, "machine"), names.machine);
    json_text(json_key(answer, "release"), names.release);
    json_close(answer, '}');
    return ANSWERED;
}

static unsigned long long nanoseconds(const struct timespec *time)
{
    return (unsigned long long)time->tv_sec * 1000000000U + (unsigned long long)time->tv_nsec;
}

enum outcome answer_clocks(const struct question *question, struct json *answer)
{
    (void)question;
    struct timespec monotonic, boottime;
    if (clock_gettime(CLOCK_MONOTONIC, &monotonic) < 0 || clock_gettime(CLOCK_BOOTTIME, &boottime) < 0)
        return cannot("clock_gettime");
    json_open(answer, '{');
    json_decimal(json_key(answer, "monotonic"), nanoseconds(&monotonic));
    json_decimal(json_key(answer, "boottime"), nanoseconds(&boottime));
    json_close(answer, '}');
    return ANSWERED;
}

enum outcome answer_mounts(const struct question *question, struct json *answer)
{
    (void)question;
    size_t length;
    int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cannot("open");
    char *text = read_all(fd, MOUNTS_MOST, &length);
    if (!text)
        (void)cannot("read");
    (void)close(fd);
    if (!text)
        return FAILED;
    json_open(answer, '[');
    for (const char *line = text, *end; line < text + length; line = end + 1) {
        size_t left = (size_t)(text + length - line);
        end = memchr(line, '\n', left);
        end = end ? end : line + left;
        json_bytes(answer, line, (size_t)(end - line));
    }
    json_close(answer, ']');
    free(text);
    return ANSWERED;
}
