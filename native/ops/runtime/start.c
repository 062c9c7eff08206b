// SPDX-License-Identifier: Apache-2.0

// The socket on which a created container waits for its start, and the start command's end of it. The
// kernel closes init's end at exec, which is how start learns that the program runs (wait for "executed");
// before that, init says on it what failed.

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "cleanup.h"
#include "message.h"
#include "unix_socket.h"

static int address_of(struct context *c, int folder, const char *name, struct sockaddr_un *address)
{
    address->sun_family = AF_UNIX;
    int length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof address->sun_path)
        return fail(c, "connect", ENAMETOOLONG, "%s", name);
    return 0;
}

int bind_beneath(struct context *c, int socket, int folder, const char *name)
{
    struct sockaddr_un address;
    if (address_of(c, folder, name, &address) < 0)
        return -1;
    return bind(socket, (struct sockaddr *)&address, sizeof address) < 0 ? fail(c, "bind", errno, "%s", name)
                                                                         : 0;
}

int connect_beneath(struct context *c, int socket, int folder, const char *name)
{
    struct sockaddr_un address;
    if (address_of(c, folder, name, &address) < 0)
        return -1;
    int result = RETRY(connect(socket, (struct sockaddr *)&address, sizeof address));
    return result < 0 ? fail(c, "connect", errno, "%s", name) : 0;
}

int op_listen_start(struct context *c)
{
    CLOSE_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(c, "socket", errno, "start");
    if (bind_beneath(c, fd, c->state, "start") < 0)
        return -1;
    if (listen(fd, 1) < 0)
        return fail(c, "listen", errno, "start");
    c->listen = steal_fd(&fd);
    return 0;
}

int op_release_start(struct context *c, const struct args_release_start *a)
{
    c->peer = (pid_t)a->pid; // for the hooks that follow
    c->sync = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (c->sync < 0)
        return fail(c, "socket", errno, "start");
    if (connect_beneath(c, c->sync, c->state, "start") < 0)
        return -1;
    // gone before init is let go: from here on the container counts as running, and cannot start twice
    if (unlinkat(c->state, "start", 0) < 0)
        return fail(c, "unlinkat", errno, "start");
    return send_event(c, EVENT_START, 0, c->trace_fd);
}
