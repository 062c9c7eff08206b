// SPDX-License-Identifier: Apache-2.0

// The freezer of cgroup v2: freezeCgroup. Processes stop when they next leave the kernel, so it takes a
// moment; and one that cannot be stopped, such as one that waits for a dead file server, stays on its way for
// ever.

#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "cgroup_files.h"
#include "cleanup.h"
#include "clock.h"
#include "context.h"

// 1 once cgroup.events says so, 0 when the time is over, -1 with errno.
static int await_line(int events, const char *line, int64_t limit)
{
    char text[256];
    for (int64_t end = monotonic_milliseconds() + limit;;) {
        ssize_t length = RETRY(pread(events, text, sizeof text - 1, 0));
        if (length < 0)
            return -1;
        text[length] = 0;
        if (strstr(text, line))
            return 1;
        int64_t left = end - monotonic_milliseconds();
        if (left <= 0)
            return 0;
        struct pollfd changed = {.fd = events, .events = POLLPRI};
        if (poll(&changed, 1, (int)left) < 0 && errno != EINTR)
            return -1;
    }
}

int cgroup_freeze(struct context *c, int cgroup, bool frozen, int64_t limit)
{
    CLOSE_FD int events = cgroup_openat(cgroup, "cgroup.events", O_RDONLY);
    if (events < 0)
        return fail(c, "openat", errno, "cgroup.events");
    if (cgroup_write(c, cgroup, "cgroup.freeze", frozen ? "1" : "0") < 0)
        return -1;
    int settled = await_line(events, frozen ? "frozen 1" : "frozen 0", limit);
    return settled < 0 ? fail(c, "poll", errno, "cgroup.events") : settled;
}

int op_freeze_cgroup(struct context *c, const struct args_freeze_cgroup *a)
{
    CLOSE_FD int cgroup = cgroup_open(c, a->mount, a->path);
    if (cgroup < 0)
        return -1;
    int settled = cgroup_freeze(c, cgroup, a->frozen != 0, a->milliseconds);
    if (settled == 1)
        return 0;
    if (a->frozen)
        (void)cgroup_write(c, cgroup, "cgroup.freeze", "0"); // half a container must not go on alone
    return settled < 0 ? -1
                       : fail(c, "poll", ETIMEDOUT, "%s is not %s", a->path, a->frozen ? "frozen" : "thawed");
}
