// SPDX-License-Identifier: Apache-2.0

// signal and wait: what the processes say to each other, in the order that the plan gives.

#include <sys/syscall.h>

#include "cleanup.h"
#include "message.h"

int op_signal(struct context *c, const struct args_signal *a)
{
    return send_event(c, (enum event)a->event, 0, -1);
}

int op_wait(struct context *c, const struct args_wait *a)
{
    struct message message;
    CLOSE_FD int fd = -1;
    if (await_event(c, (enum process)a->of, (enum event)a->event, &message, &fd) < 0)
        return -1;
    if (a->event == EVENT_CONSOLE)
        c->console = steal_fd(&fd);
    if (a->event != EVENT_CLONED)
        return 0;
    // CLONE_PARENT made it our child: until we wait for it, the pid is its own
    c->init = message.value;
    c->init_pidfd = (int)syscall(SYS_pidfd_open, c->init, 0);
    return c->init_pidfd < 0 ? fail(c, "pidfd_open", errno, "%d", c->init) : 0;
}
