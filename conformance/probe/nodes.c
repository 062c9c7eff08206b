// SPDX-License-Identifier: Apache-2.0

// What is there: nodes, folders, contents, file systems.

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "probe.h"
#include "reading.h"

#define CONTENTS_MOST 65536

static bool nothing_there(void)
{
    return errno == ENOENT || errno == ENOTDIR;
}

static const char *type_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return "file";
    case S_IFDIR:
        return "directory";
    case S_IFLNK:
        return "symlink";
    case S_IFCHR:
        return "character";
    case S_IFBLK:
        return "block";
    case S_IFIFO:
        return "fifo";
    case S_IFSOCK:
        return "socket";
    default:
        return "?";
    }
}

static void write_target(struct json *answer, const char *path, bool is_link)
{
    char target[PATH_MAX];
    ssize_t length = is_link ? readlink(path, target, sizeof target) : -1;
    if (length < 0)
        json_null(answer);
    else
        json_bytes(answer, target, (size_t)length);
}

static enum outcome write_node(const char *path, const struct stat *node, struct json *answer)
{
    bool device = S_ISCHR(node->st_mode) || S_ISBLK(node->st_mode);
    char file_system[32];
    (void)snprintf(file_system, sizeof file_system, "%u:%u", major(node->st_dev), minor(node->st_dev));
    json_open(answer, '{');
    json_text(json_key(answer, "type"), type_of(node->st_mode));
    json_number(json_key(answer, "mode"), node->st_mode & 07777);
    json_number(json_key(answer, "uid"), node->st_uid);
    json_number(json_key(answer, "gid"), node->st_gid);
    json_number(json_key(answer, "major"), device ? major(node->st_rdev) : 0);
    json_number(json_key(answer, "minor"), device ? minor(node->st_rdev) : 0);
    json_number(json_key(answer, "size"), node->st_size);
    json_decimal(json_key(answer, "inode"), node->st_ino);
    json_text(json_key(answer, "device"), file_system);
    write_target(json_key(answer, "target"), path, S_ISLNK(node->st_mode));
    json_decimal(json_key(answer, "accessed"), (unsigned long long)node->st_atim.tv_sec * 1000000000U +
                                                   (unsigned long long)node->st_atim.tv_nsec);
    json_close(answer, '}');
    return ANSWERED;
}

enum outcome answer_lstat(const struct question *question, struct json *answer)
{
    struct stat node;
    if (lstat(question->words[1], &node) == 0)
        return write_node(question->words[1], &node, answer);
    if (!nothing_there())
        return cannot("lstat");
    json_null(answer);
    return ANSWERED;
}

enum outcome answer_stat(const struct question *question, struct json *answer)
{
    struct stat node;
    if (stat(question->words[1], &node) == 0)
        return write_node(question->words[1], &node, answer);
    if (!nothing_there())
        return cannot("stat");
    json_null(answer);
    return ANSWERED;
}

static int is_name(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

enum outcome answer_list(const struct question *question, struct json *answer)
{
    struct dirent **entries;
    int count = scandir(question->words[1], &entries, is_name, by_bytes);
    if (count < 0 && !nothing_there())
        return cannot("scandir");
    if (count < 0) {
        json_null(answer);
        return ANSWERED;
    }
    json_open(answer, '[');
    for (int i = 0; i < count; i++) {
        json_text(answer, entries[i]->d_name);
        free(entries[i]);
    }
    json_close(answer, ']');
    free(entries);
    return ANSWERED;
}

enum outcome answer_read(const struct question *question, struct json *answer)
{
    static char contents[CONTENTS_MOST];
    ssize_t length = read_file(question->words[1], contents, sizeof contents);
    if (length < 0)
        json_null(answer);
    else
        json_bytes(answer, contents, (size_t)length);
    return ANSWERED;
}

// musl's sys/statvfs.h has the values, but for the newest of them.
static const struct {
    unsigned long flag;
    const char *name;
} mount_flags[] = {
    {0x0001, "ST_RDONLY"},      {0x0002, "ST_NOSUID"},      {0x0004, "ST_NODEV"},   {0x0008, "ST_NOEXEC"},
    {0x0010, "ST_SYNCHRONOUS"}, {0x0040, "ST_MANDLOCK"},    {0x0400, "ST_NOATIME"}, {0x0800, "ST_NODIRATIME"},
    {0x1000, "ST_RELATIME"},    {0x2000, "ST_NOSYMFOLLOW"}, // since 5.10
};

enum outcome answer_file_system(const struct question *question, struct json *answer)
{
    struct statfs about;
    char magic[32];
    if (statfs(question->words[1], &about) < 0) {
        if (!nothing_there())
            return cannot("statfs");
        json_null(answer);
        return ANSWERED;
    }
    (void)snprintf(magic, sizeof magic, "0x%lx", (unsigned long)about.f_type & 0xffffffff);
    json_open(answer, '{');
    json_text(json_key(answer, "magic"), magic);
    json_open(json_key(answer, "flags"), '[');
    for (size_t i = 0; i < sizeof mount_flags / sizeof *mount_flags; i++)
        if ((unsigned long)about.f_flags & mount_flags[i].flag)
            json_text(answer, mount_flags[i].name);
    json_close(answer, ']');
    json_close(answer, '}');
    return ANSWERED;
}
