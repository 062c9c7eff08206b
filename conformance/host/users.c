// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reap.h"
#include "warden.h"

#define MOST 65535 // with 0, all ids of 16 bits

struct range {
    unsigned long first, count;
};

// NAME:FIRST:COUNT, or with the uid's number; the first line that fits.
static bool find_range(const char *path, struct range *range)
{
    char line[512], number[16];
    const struct passwd *user = getpwuid(getuid());
    (void)snprintf(number, sizeof number, "%u", getuid());
    FILE *file = fopen(path, "re");
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file)) {
        char *at = line;
        const char *owner = strsep(&at, ":");
        if (!at || !((user && strcmp(owner, user->pw_name) == 0) || strcmp(owner, number) == 0))
            continue;
        found = sscanf(at, "%lu:%lu", &range->first, &range->count) == 2 && range->count > 0;
    }
    if (file)
        (void)fclose(file); // only read
    return found;
}

static bool run_mapper(const char *program, pid_t child, unsigned own, const struct range *range)
{
    char words[5][24];
    unsigned long count = range->count < MOST ? range->count : MOST;
    int status;
    (void)snprintf(words[0], sizeof words[0], "%d", child);
    (void)snprintf(words[1], sizeof words[1], "%u", own);
    (void)snprintf(words[2], sizeof words[2], "%lu", range->first);
    (void)snprintf(words[3], sizeof words[3], "%lu", count);
    char *arguments[] = {
        (char *)(uintptr_t)program, words[0], "0", words[1], "1", "1", words[2], words[3], NULL};
    pid_t mapper = fork();
    if (mapper == 0) {
        if (!die_with_parent())
            _exit(EXIT_SETUP);
        (void)execvp(program, arguments);
        _exit(EXIT_NOT_EXECUTED);
    }
    return mapper > 0 && waitpid(mapper, &status, 0) == mapper && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static int write_map(pid_t child, const char *name, const char *text)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/%s", child, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    int code = done ? 0 : complain("write", path);
    if (fd >= 0)
        (void)close(fd); // the write tells all
    return code ? -1 : 0;
}

static int map_single(pid_t child, const char *name, unsigned own)
{
    char line[32];
    (void)snprintf(line, sizeof line, "0 %u 1\n", own);
    return write_map(child, name, line);
}

int map_users(pid_t child)
{
    struct range range;
    bool users = find_range("/etc/subuid", &range) && run_mapper("newuidmap", child, geteuid(), &range);
    if (!users && map_single(child, "uid_map", geteuid()) < 0)
        return -1;
    if (find_range("/etc/subgid", &range) && run_mapper("newgidmap", child, getegid(), &range))
        return 0;
    // without privileges, a single group can only be mapped by who gives up on setgroups()
    if (write_map(child, "setgroups", "deny") < 0)
        return -1;
    return map_single(child, "gid_map", getegid());
}
