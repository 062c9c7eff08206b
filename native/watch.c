// SPDX-License-Identifier: Apache-2.0

// Waiting: for files of the kernel to change, and for time to pass. cgroup v2's files that notify, and
// pressure files, wake poll(2) with POLLPRI.

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>

#include "cleanup.h"
#include "runts.h"
#include "system_failure.h"

// kernfs compares its event counter with the one that this descriptor read last: what is not read would wake
// at once, again and again.
static void take_as_seen(int fd)
{
    char start[64];
    (void)RETRY(pread(fd, start, sizeof start, 0)); // ENODEV: removed, as whoever looks at it next will find
}

int runts_watch(const char *path, const char *trigger, int *watched, struct runts_failure *failure)
{
    bool triggered = *trigger != 0;
    CLOSE_FD int fd = open(path, (triggered ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail(failure, "open", errno, path);
    // with its NUL: /proc/pressure replaces the last byte by one
    if (triggered && RETRY(write(fd, trigger, strlen(trigger) + 1)) < 0)
        return fail(failure, "write", errno, path);
    if (!triggered)
        take_as_seen(fd);
    *watched = steal_fd(&fd);
    return 0;
}

int runts_wait(const int *watched, size_t count, int milliseconds, bool *changed,
               struct runts_failure *failure)
{
    struct pollfd fds[RUNTS_WATCHED_MAX];
    if (count > RUNTS_WATCHED_MAX)
        return fail(failure, "poll", EINVAL, "");
    for (size_t i = 0; i < count; i++)
        fds[i] = (struct pollfd){.fd = watched[i], .events = POLLPRI};
    int ready = poll(fds, count, milliseconds);
    if (ready < 0 && errno != EINTR)
        return fail(failure, "poll", errno, "");
    for (size_t i = 0; i < count; i++) {
        if (ready > 0 && (fds[i].revents & POLLNVAL)) {
            char name[16];
            (void)snprintf(name, sizeof name, "%d", watched[i]);
            return fail(failure, "poll", EBADF, name);
        }
        changed[i] = ready > 0 && (fds[i].revents & POLLPRI);
        if (changed[i])
            take_as_seen(watched[i]);
    }
    return 0;
}
