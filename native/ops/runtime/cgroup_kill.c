// SPDX-License-Identifier: Apache-2.0

// killCgroup: a signal to every process of a cgroup and of those below it.

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "cgroup_files.h"
#include "cleanup.h"
#include "write_all.h"

// Calls `each` for every cgroup at and below this one, the deepest first.
enum { DEEPEST = 100, FREEZE_MILLISECONDS = 500 };

static int signal_processes(int cgroup, int number)
{
    char line[32];
    int fd = cgroup_openat(cgroup, "cgroup.procs", O_RDONLY);
    FILE *procs = fd < 0 ? NULL : fdopen(fd, "r");
    if (!procs) {
        close_fd(&fd);
        return -1;
    }
    while (fgets(line, sizeof line, procs)) {
        CLOSE_FD int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)strtol(line, NULL, 10), 0);
        if (pidfd >= 0)
            (void)syscall(SYS_pidfd_send_signal, pidfd, number, NULL, 0); // it may have ended meanwhile
    }
    (void)fclose(procs);
    return 0;
}

struct signalling {
    int folder;
    int number;
    int depth;
    int result;
};

static int signal_tree(int parent, const char *name, int number, int depth);

static bool signal_below(const char *name, void *with)
{
    struct signalling *s = with;
    if (signal_tree(s->folder, name, s->number, s->depth + 1) < 0)
        s->result = -1;
    return false;
}

// Every process at and below this cgroup. Threaded cgroups name theirs at the top of their subtree only.
static int signal_tree(int parent, const char *name, int number, int depth)
{
    CLOSE_FD int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return errno == ENOENT ? 0 : -1;
    if (depth > DEEPEST) {
        errno = ELOOP;
        return -1;
    }
    struct signalling s = {.folder = folder, .number = number, .depth = depth};
    if (signal_processes(folder, number) < 0 && errno != EOPNOTSUPP && errno != ENODEV && errno != ENOENT)
        s.result = -1;
    if (cgroup_each_below(folder, signal_below, &s) < 0)
        return -1;
    return s.result;
}

// A process that forks between two looks would have a child that nobody has seen, so all of them stand still
// meanwhile; those that cannot be stopped get their signal nevertheless. A paused container stays paused.
static int signal_all(struct context *c, int cgroup, int number, const char *path)
{
    bool moving = cgroup_has_line(cgroup, "cgroup.freeze", "0");
    if (moving)
        (void)cgroup_freeze(c, cgroup, true, FREEZE_MILLISECONDS);
    int result = signal_tree(cgroup, ".", number, 0);
    int error = errno;
    if (moving)
        (void)cgroup_freeze(c, cgroup, false, 0);
    return result < 0 ? fail(c, "open", error, "cgroup.procs of %s", path) : 0;
}

int op_kill_cgroup(struct context *c, const struct args_kill_cgroup *a)
{
    int number = (int)a->signal;
    CLOSE_FD int mount = cgroup_mount(c, a->mount);
    if (mount < 0)
        return -1;
    CLOSE_FD int cgroup = cgroup_openat(mount, a->path, O_RDONLY | O_DIRECTORY);
    if (cgroup < 0)
        return errno == ENOENT ? 0 : fail(c, "openat2", errno, "%s", a->path);
    // not for nothing: who is cloned into a cgroup that was ever killed may be killed at birth (clone.c)
    if (number == SIGKILL && cgroup_has_line(cgroup, "cgroup.events", "populated 0"))
        return 0;
    if (number == SIGKILL) {
        CLOSE_FD int file = cgroup_openat(cgroup, "cgroup.kill", O_WRONLY); // Linux 5.14
        if (file >= 0 && write_all(file, "1", 1) == 0)
            return 0;
    }
    return signal_all(c, cgroup, number, a->path);
}
