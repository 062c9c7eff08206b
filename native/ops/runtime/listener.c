// SPDX-License-Identifier: Apache-2.0

// The descriptor of a filter with SECCOMP_RET_USER_NOTIF goes to the agent that answers: passListener. The
// protocol is the spec's, config-linux.md "The container process state": one state a connection, the
// descriptor with its first byte, and the end.

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "message.h"
#include "unix_socket.h"

static void free_text(char **text)
{
    free(*text);
}

// Through a descriptor of its folder: the path may be longer than an address of a socket.
static int connect_agent(struct context *c, const char *path)
{
    char folder_path[PATH_MAX], name[PATH_MAX];
    (void)snprintf(folder_path, sizeof folder_path, "%s", path);
    (void)snprintf(name, sizeof name, "%s", path);
    CLOSE_FD int folder = open(dirname(folder_path), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return fail(c, "open", errno, "%s", path);
    CLOSE_FD int agent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (agent < 0)
        return fail(c, "socket", errno, "%s", path);
    return connect_beneath(c, agent, folder, basename(name)) < 0 ? -1 : steal_fd(&agent);
}

static int send_state(struct context *c, int agent, const char *text, size_t length, int filter)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {
        .header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))}};
    memcpy(CMSG_DATA(&control.header), &filter, sizeof filter);
    for (size_t sent = 0; sent < length;) {
        struct iovec part = {.iov_base = (char *)(uintptr_t)text + sent, .iov_len = length - sent};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
        if (sent == 0) {
            message.msg_control = &control;
            message.msg_controllen = sizeof control.space;
        }
        ssize_t count = RETRY(sendmsg(agent, &message, MSG_NOSIGNAL));
        if (count < 0)
            return fail(c, "sendmsg", errno, "the state for the seccomp agent");
        sent += (size_t)count;
    }
    return 0;
}

int op_pass_listener(struct context *c, const struct args_pass_listener *a)
{
    struct message message;
    CLOSE_FD int filter = -1;
    if (await_event(c, PROCESS_INIT, EVENT_LISTENING, &message, &filter) < 0)
        return -1;
    CLOSE_FD int agent = connect_agent(c, a->path);
    if (agent < 0)
        return -1;
    pid_t pid = c->init ? c->init : c->peer;
    pid_t container = a->pid ? (pid_t)a->pid : pid;
    size_t size = strlen(a->state) + sizeof "-2147483648},\"pid\":-2147483648}";
    __attribute__((cleanup(free_text))) char *text = malloc(size);
    if (!text)
        return fail(c, "malloc", ENOMEM, "the state for the seccomp agent");
    int length = snprintf(text, size, "%s%d},\"pid\":%d}", a->state, container, pid);
    if (length < 0)
        return fail(c, "snprintf", EINVAL, "the state for the seccomp agent");
    if (send_state(c, agent, text, (size_t)length, filter) < 0)
        return -1;
    close_fd(&agent); // the agent may read to the end before it does anything
    return send_event(c, EVENT_PASSED, 0, -1);
}
