// SPDX-License-Identifier: Apache-2.0

// What can be done to files: each answer is ok, or the errno of the call that was refused.

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "errnos.h"
#include "probe.h"

static enum outcome write_outcome(struct json *answer, bool ok)
{
    int error = errno;
    json_open(answer, '{');
    json_flag(json_key(answer, "ok"), ok);
    if (!ok)
        json_text(json_key(answer, "errno"), errno_name(error));
    json_close(answer, '}');
    return ANSWERED;
}

static bool finish(int fd, bool ok)
{
    int saved = errno;
    bool closed = close(fd) == 0; // some file systems tell only now
    if (!ok)
        errno = saved;
    return ok && closed;
}

static bool parse_access(const char *word, int *flags)
{
    bool reads = strchr(word, 'r'), writes = strchr(word, 'w');
    *flags = reads && writes ? O_RDWR : writes ? O_WRONLY : O_RDONLY;
    if (strchr(word, 'n'))
        *flags |= O_NONBLOCK;
    return (reads || writes) && strspn(word, "rwn") == strlen(word);
}

enum outcome answer_open(const struct question *question, struct json *answer)
{
    int flags;
    if (!parse_access(question->words[1], &flags))
        return not_understood();
    int fd = open(question->words[2], flags | O_CLOEXEC | O_NOCTTY);
    return write_outcome(answer, fd >= 0 && finish(fd, true));
}

enum outcome answer_read_byte(const struct question *question, struct json *answer)
{
    char byte;
    int fd = open(question->words[1], O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return write_outcome(answer, false);
    ssize_t got = read(fd, &byte, 1);
    return write_outcome(answer, finish(fd, got >= 0 || errno == EAGAIN));
}

enum outcome answer_write(const struct question *question, struct json *answer)
{
    const char *text = question->words[2];
    int fd = open(question->words[1], O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return write_outcome(answer, false);
    ssize_t written = write(fd, text, strlen(text));
    if (written >= 0 && (size_t)written < strlen(text)) {
        written = -1;
        errno = ENOSPC; // the rest would have been refused like this
    }
    return write_outcome(answer, finish(fd, written >= 0));
}

enum outcome answer_create(const struct question *question, struct json *answer)
{
    int fd = open(question->words[1], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return write_outcome(answer, fd >= 0 && finish(fd, true));
}

enum outcome answer_mkdir(const struct question *question, struct json *answer)
{
    return write_outcome(answer, mkdir(question->words[1], 0777) == 0);
}

enum outcome answer_remove(const struct question *question, struct json *answer)
{
    const char *path = question->words[1];
    return write_outcome(answer, unlink(path) == 0 || (errno == EISDIR && rmdir(path) == 0));
}

enum outcome answer_chmod(const struct question *question, struct json *answer)
{
    unsigned long long mode;
    if (!parse_number(question->words[2], 8, &mode) || mode > 07777)
        return not_understood();
    return write_outcome(answer, chmod(question->words[1], (mode_t)mode) == 0);
}

enum outcome answer_chown(const struct question *question, struct json *answer)
{
    unsigned long long uid, gid;
    if (!parse_number(question->words[2], 10, &uid) || !parse_number(question->words[3], 10, &gid))
        return not_understood();
    return write_outcome(answer, lchown(question->words[1], (uid_t)uid, (gid_t)gid) == 0);
}

enum outcome answer_mknod(const struct question *question, struct json *answer)
{
    unsigned long long major_number, minor_number;
    const char *type = question->words[2];
    mode_t mode = strcmp(type, "c") == 0   ? S_IFCHR
                  : strcmp(type, "b") == 0 ? S_IFBLK
                  : strcmp(type, "p") == 0 ? S_IFIFO
                                           : 0;
    if (!mode || !parse_number(question->words[3], 10, &major_number) ||
        !parse_number(question->words[4], 10, &minor_number))
        return not_understood();
    dev_t device = makedev((unsigned)major_number, (unsigned)minor_number);
    return write_outcome(answer, mknod(question->words[1], mode | 0666, device) == 0);
}

enum outcome answer_mount(const struct question *question, struct json *answer)
{
    const char *type = question->words[1];
    return write_outcome(answer, mount(type, question->words[2], type, 0, NULL) == 0);
}

enum outcome answer_umount(const struct question *question, struct json *answer)
{
    return write_outcome(answer, umount2(question->words[1], 0) == 0);
}
