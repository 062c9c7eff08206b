// SPDX-License-Identifier: Apache-2.0

// What a host offers besides the execution of plans: reading the machine, and writing whole files.

#include "cleanup.h"
#include "file_kind.h"
#include "folder_lock.h"
#include "runts.h"
#include "system_failure.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

void runts_free_bytes(struct runts_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct runts_bytes){0};
}

void runts_free_strings(struct runts_strings *strings)
{
    for (size_t i = 0; i < strings->count; i++)
        free(strings->items[i]);
    free(strings->items);
    *strings = (struct runts_strings){0};
}

// Makes room for at least one more byte, but for no more than limit + 1 of them in all.
static int grow(struct runts_bytes *bytes, size_t *capacity, size_t limit)
{
    size_t wanted = *capacity > limit / 2 ? limit + 1 : *capacity * 2;
    uint8_t *data = realloc(bytes->data, wanted);
    if (!data)
        return -1;
    bytes->data = data;
    *capacity = wanted;
    return 0;
}

// Standard input is read where it stands: of a socket, which Node.js has in place of pipes, the name opens
// nothing.
static int open_file(const char *path)
{
    if (strcmp(path, "/dev/stdin") == 0)
        return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

// As read(2), and waits where the other end has made the descriptor one that does not.
static ssize_t read_some(int fd, uint8_t *data, size_t length)
{
    for (;;) {
        ssize_t got = RETRY(read(fd, data, length));
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (got >= 0 || errno != EAGAIN || (poll(&ready, 1, -1) < 0 && errno != EINTR))
            return got;
    }
}

int runts_read_file(const char *path, size_t limit, struct runts_bytes *out, struct runts_failure *failure)
{
    *out = (struct runts_bytes){0};
    if (limit >= SSIZE_MAX)
        limit = SSIZE_MAX - 1;
    CLOSE_FD int fd = open_file(path);
    if (fd < 0)
        return fail(failure, "open", errno, path);
    struct stat status;
    if (fstat(fd, &status) < 0)
        return fail(failure, "fstat", errno, path);
    // The size is a hint only: procfs says 0, and the file may grow. One byte more lets the end be seen.
    size_t capacity =
        status.st_size > 0 && (size_t)status.st_size < limit ? (size_t)status.st_size + 1 : 4096;
    if (capacity > limit + 1)
        capacity = limit + 1;
    int error = 0;
    out->data = malloc(capacity);
    if (!out->data)
        error = ENOMEM;
    while (error == 0) {
        if (out->length == capacity && grow(out, &capacity, limit) < 0) {
            error = ENOMEM;
            break;
        }
        ssize_t got = read_some(fd, out->data + out->length, capacity - out->length);
        if (got == 0)
            return 0;
        if (got < 0)
            error = errno;
        else
            out->length += (size_t)got;
        if (out->length > limit)
            error = E2BIG;
    }
    runts_free_bytes(out);
    return fail(failure, "read", error, path);
}

static void close_folder(DIR *const *folder)
{
    if (*folder)
        closedir(*folder);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static int append_name(struct runts_strings *out, size_t *capacity, const char *name)
{
    if (out->count == *capacity) {
        size_t wanted = *capacity ? *capacity * 2 : 16;
        char **items = reallocarray(out->items, wanted, sizeof *items);
        if (!items)
            return -1;
        out->items = items;
        *capacity = wanted;
    }
    out->items[out->count] = strdup(name);
    if (!out->items[out->count])
        return -1;
    out->count++;
    return 0;
}

int runts_list(const char *path, struct runts_strings *out, struct runts_failure *failure)
{
    *out = (struct runts_strings){0};
    size_t capacity = 0;
    __attribute__((cleanup(close_folder))) DIR *folder = opendir(path); // opens with O_CLOEXEC
    if (!folder)
        return fail(failure, "open", errno, path);
    const struct dirent *entry;
    while (errno = 0, (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (append_name(out, &capacity, entry->d_name) < 0) {
            errno = ENOMEM;
            break;
        }
    }
    if (errno != 0) {
        int error = errno;
        runts_free_strings(out);
        return fail(failure, "getdents", error, path);
    }
    if (out->count > 1)
        qsort(out->items, out->count, sizeof *out->items, compare_names);
    return 0;
}

const char *runts_kind(const char *path, struct runts_failure *failure)
{
    struct stat status;
    if (lstat(path, &status) < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return "missing";
        fail(failure, "lstat", errno, path);
        return NULL;
    }
    return file_kind(status.st_mode);
}

bool runts_writable(const char *path)
{
    return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

int runts_lock(const char *path, int64_t milliseconds, struct runts_failure *failure)
{
    CLOSE_FD int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return fail(failure, "open", errno, path);
    if (lock_folder(folder, milliseconds) < 0)
        return fail(failure, "flock", errno, path);
    return steal_fd(&folder);
}

void runts_unlock(int lock)
{
    close_fd(&lock);
}

static int give_text(char *text, const char *syscall, const char *path, struct runts_bytes *out,
                     struct runts_failure *failure)
{
    if (!text)
        return fail(failure, syscall, errno, path);
    *out = (struct runts_bytes){.data = (uint8_t *)text, .length = strlen(text)};
    return 0;
}

int runts_real_path(const char *path, struct runts_bytes *out, struct runts_failure *failure)
{
    return give_text(realpath(path, NULL), "realpath", path, out, failure);
}

int runts_read_link(const char *path, struct runts_bytes *out, struct runts_failure *failure)
{
    char target[PATH_MAX];
    ssize_t length = readlink(path, target, sizeof target);
    if (length < 0)
        return fail(failure, "readlink", errno, path);
    return give_text(strndup(target, (size_t)length), "readlink", path, out, failure);
}

int runts_cwd(struct runts_bytes *out, struct runts_failure *failure)
{
    return give_text(getcwd(NULL, 0), "getcwd", "", out, failure);
}

uint64_t runts_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now); // fails for no clock that Linux always has
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

const char *runts_architecture(void)
{
    static struct utsname name;
    if (name.machine[0] == '\0' && uname(&name) < 0)
        return "unknown";
    return name.machine;
}

static int write_whole(int fd, const void *data, size_t length)
{
    const uint8_t *at = data;
    while (length > 0) {
        ssize_t done = RETRY(write(fd, at, length));
        if (done >= 0) {
            at += done;
            length -= (size_t)done;
            continue;
        }
        if (errno != EAGAIN)
            return -1;
        // engines may hand us a pipe that does not block
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        if (RETRY(poll(&wait, 1, -1)) < 0)
            return -1;
    }
    return 0;
}

int runts_write(int fd, const char *text, size_t length, struct runts_failure *failure)
{
    if (write_whole(fd, text, length) == 0)
        return 0;
    int error = errno;
    char name[16];
    snprintf(name, sizeof name, "%d", fd);
    return fail(failure, "write", error, name);
}

static int write_file(const char *path, int how, const char *text, size_t length,
                      struct runts_failure *failure)
{
    CLOSE_FD int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | how, 0644);
    if (fd < 0)
        return fail(failure, "open", errno, path);
    return write_whole(fd, text, length) < 0 ? fail(failure, "write", errno, path) : 0;
}

int runts_append(const char *path, const char *text, size_t length, struct runts_failure *failure)
{
    return write_file(path, O_APPEND, text, length, failure);
}

int runts_overwrite(const char *path, const char *text, size_t length, struct runts_failure *failure)
{
    return write_file(path, O_TRUNC, text, length, failure);
}

// No fsync(2): what is replaced is to survive a killed process, not a crashed machine.
int runts_replace_file(const char *path, const uint8_t *data, size_t length, struct runts_failure *failure)
{
    uint64_t random = 0;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        return fail(failure, "getrandom", errno, path);
    char temporary[PATH_MAX];
    int size = snprintf(temporary, sizeof temporary, "%s.%016llx", path, (unsigned long long)random);
    if (size < 0 || (size_t)size >= sizeof temporary)
        return fail(failure, "open", ENAMETOOLONG, path);
    CLOSE_FD int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return fail(failure, "open", errno, temporary);
    const char *syscall = NULL;
    if (write_whole(fd, data, length) < 0)
        syscall = "write";
    else if (rename(temporary, path) < 0)
        syscall = "rename";
    if (!syscall)
        return 0;
    int error = errno;
    (void)unlink(temporary); // a failed cleanup must not hide the first failure
    return fail(failure, syscall, error, path);
}

bool runts_is_utf8(const uint8_t *data, size_t length)
{
    const uint64_t ones = 0x0101010101010101U, tops = ones << 7;
    const uint8_t *end = data + length;
    while (data < end) {
        // nearly all of it is ASCII: eight bytes at once, unless one of them is NUL or above 0x7f
        uint64_t eight;
        if (end - data >= 8) {
            memcpy(&eight, data, sizeof eight);
            if ((((eight - ones) | eight) & tops) == 0) {
                data += sizeof eight;
                continue;
            }
        }
        uint8_t lead = *data++;
        if (lead != 0 && lead < 0x80)
            continue;
        unsigned more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
        if (more == 0 || (size_t)(end - data) < more)
            return false;
        // the second byte alone tells overlong forms, surrogates and code points past U+10FFFF
        uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (data[0] < low || data[0] > high)
            return false;
        for (unsigned i = 1; i < more; i++)
            if ((data[i] & 0xc0) != 0x80)
                return false;
        data += more;
    }
    return true;
}
