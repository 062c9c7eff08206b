// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe.h"
#include "start.h"

static void write_ids(struct json *answer, unsigned real, unsigned effective, unsigned saved, int files)
{
    json_open(answer, '[');
    json_number(answer, real);
    json_number(answer, effective);
    json_number(answer, saved);
    json_number(answer, (unsigned)files);
    json_close(answer, ']');
}

static enum outcome write_groups(struct json *answer)
{
    int count = getgroups(0, NULL);
    if (count < 0)
        return cannot("getgroups");
    gid_t *groups = calloc((size_t)count + 1, sizeof *groups);
    if (!groups)
        return cannot("calloc");
    count = getgroups(count, groups);
    if (count < 0) {
        free(groups);
        return cannot("getgroups");
    }
    json_open(answer, '[');
    for (int i = 0; i < count; i++)
        json_number(answer, groups[i]);
    json_close(answer, ']');
    free(groups);
    return ANSWERED;
}

// musl fails with ENOENT, too, where the kernel says "(unreachable)".
static void write_directory(struct json *answer)
{
    char path[PATH_MAX];
    if (getcwd(path, sizeof path))
        json_text(answer, path);
    else
        json_null(answer);
}

enum outcome answer_identity(const struct question *question, struct json *answer)
{
    (void)question;
    uid_t real, effective, saved;
    gid_t real_group, effective_group, saved_group;
    if (getresuid(&real, &effective, &saved) < 0)
        return cannot("getresuid");
    if (getresgid(&real_group, &effective_group, &saved_group) < 0)
        return cannot("getresgid");
    json_open(answer, '{');
    json_number(json_key(answer, "pid"), getpid());
    json_number(json_key(answer, "parent"), getppid());
    json_number(json_key(answer, "group"), getpgid(0));
    json_number(json_key(answer, "session"), getsid(0));
    // setting the id that does not exist only tells the present one
    write_ids(json_key(answer, "uid"), real, effective, saved, setfsuid((uid_t)-1));
    write_ids(json_key(answer, "gid"), real_group, effective_group, saved_group, setfsgid((gid_t)-1));
    if (write_groups(json_key(answer, "groups")) == FAILED)
        return FAILED;
    mode_t mask = umask(0);
    (void)umask(mask);
    json_number(json_key(answer, "umask"), mask);
    write_directory(json_key(answer, "directory"));
    json_close(answer, '}');
    return ANSWERED;
}

static enum outcome write_texts(char **texts, struct json *answer)
{
    json_open(answer, '[');
    for (; texts && *texts; texts++)
        json_text(answer, *texts);
    json_close(answer, ']');
    return ANSWERED;
}

enum outcome answer_command_line(const struct question *question, struct json *answer)
{
    (void)question;
    return write_texts(start_arguments(), answer);
}

enum outcome answer_environment(const struct question *question, struct json *answer)
{
    (void)question;
    return write_texts(environ, answer);
}

enum outcome answer_personality(const struct question *question, struct json *answer)
{
    (void)question;
    int persona = personality(0xffffffff);
    if (persona < 0)
        return cannot("personality");
    json_number(answer, persona);
    return ANSWERED;
}
