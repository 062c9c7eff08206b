// SPDX-License-Identifier: Apache-2.0

// Processes known by pid and start time, signalled by pidfd: a pid alone may be another's by now.

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "context.h"
#include "left_children.h"
#include "process.h"
#include "state.h"
#include "write_all.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

// Field 22 of /proc/PID/stat; 0 when there is no such process.
static uint64_t start_time(int64_t pid)
{
    char path[40];
    char text[1024];
    (void)snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", pid);
    CLOSE_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : RETRY(read(fd, text, sizeof text - 1));
    if (length <= 0)
        return 0;
    text[length] = 0;
    // the command's name, in parentheses, may itself hold blanks and parentheses
    const char *at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    return at ? strtoull(at + 1, NULL, 10) : 0;
}

int open_process(int64_t pid, uint64_t started)
{
    CLOSE_FD int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
    if (fd < 0) {
        errno = errno == EINVAL ? ESRCH : errno;
        return -1;
    }
    // read after the pidfd is held, so that the pid cannot change hands in between
    if (start_time(pid) != started) {
        errno = ESRCH;
        return -1;
    }
    return steal_fd(&fd);
}

int op_open_process(struct context *c, const struct args_open_process *a)
{
    if (a->slot < 0 || a->slot >= NAMESPACE_COUNT)
        return fail(c, "pidfd_open", EINVAL, "slot %" PRId64, a->slot);
    c->namespaces[a->slot] = open_process(a->pid, a->start_time);
    return c->namespaces[a->slot] < 0 ? fail(c, "pidfd_open", errno, "%" PRId64, a->pid) : 0;
}

int op_kill_process(struct context *c, const struct args_kill_process *a)
{
    CLOSE_FD int fd = open_process(a->pid, a->start_time);
    if (fd < 0)
        return a->optional && errno == ESRCH ? 0 : fail(c, "pidfd_open", errno, "%" PRId64, a->pid);
    if (syscall(SYS_pidfd_send_signal, fd, (int)a->signal, NULL, 0) < 0)
        return a->optional && errno == ESRCH ? 0 : fail(c, "pidfd_send_signal", errno, "%" PRId64, a->pid);
    return 0;
}

int op_await_exit(struct context *c, const struct args_await_exit *a)
{
    CLOSE_FD int fd = open_process(a->pid, a->start_time);
    if (fd < 0)
        return errno == ESRCH ? 0 : fail(c, "pidfd_open", errno, "%" PRId64, a->pid);
    struct pollfd ended = {.fd = fd, .events = POLLIN};
    for (int64_t waited = 0, pause = 5;; waited += pause) {
        int count = RETRY(poll(&ended, 1, (int)pause));
        if (count < 0)
            return fail(c, "poll", errno, "pidfd");
        if (count > 0)
            break;
        if (waited >= a->milliseconds)
            return fail(c, "poll", ETIMEDOUT, "process %" PRId64 " has not ended", a->pid);
        reap_left_children(); // the first process of a pid namespace ends after all others
    }
    reap_left_children();
    siginfo_t info;
    // our own child when a library created the container: reap it; anyone else's is its parent's matter
    (void)waitid(P_PIDFD, (id_t)fd, &info, WEXITED | WNOHANG);
    return 0;
}

int op_record_process(struct context *c)
{
    char text[64];
    uint64_t started = start_time(c->init);
    if (started == 0)
        return fail(c, "open", ESRCH, "/proc/%d/stat", c->init);
    int length = snprintf(text, sizeof text, "%d %" PRIu64 "\n", c->init, started);
    return state_write(c, "process", text, (size_t)length);
}

static pid_t pid_of(const struct context *c, int64_t process)
{
    return process == PROCESS_STAGE ? c->stage : c->init;
}

int op_write_proc(struct context *c, const struct args_write_proc *a)
{
    char path[80];
    (void)snprintf(path, sizeof path, "/proc/%d/%s", pid_of(c, a->of), a->file);
    CLOSE_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(c, "open", errno, "%s", path);
    // one write: the kernel takes an id map whole
    if (RETRY(write(fd, a->value, strlen(a->value))) < 0)
        return fail(c, "write", errno, "%s: %s", path, a->value);
    return 0;
}

int op_close_on_exec(struct context *c, const struct args_close_on_exec *a)
{
    if (syscall(SYS_close_range, (unsigned)a->first, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) < 0)
        return fail(c, "close_range", errno, "from %" PRId64, a->first);
    return 0;
}

int op_raise_rlimit(struct context *c, const struct args_raise_rlimit *a)
{
    struct rlimit limit;
    pid_t pid = c->init ? c->init : c->stage; // init has what stage had
    if (prlimit(pid, (int)a->resource, NULL, &limit) < 0)
        return fail(c, "prlimit", errno, "%" PRId64, a->resource);
    if (limit.rlim_max >= a->hard)
        return 0;
    limit.rlim_max = a->hard;
    if (prlimit(pid, (int)a->resource, &limit, NULL) < 0)
        return fail(c, "prlimit", errno, "hard limit %" PRIu64, a->hard);
    return 0;
}
