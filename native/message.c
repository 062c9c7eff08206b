// SPDX-License-Identifier: Apache-2.0

#include "message.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"

size_t message_length(const struct message *message)
{
    switch (message->kind) {
    case MESSAGE_FAILURE:
        return offsetof(struct message, body) + sizeof message->body.failure;
    case MESSAGE_WARNING:
        return offsetof(struct message, body) + sizeof message->body.warning;
    default:
        return offsetof(struct message, body);
    }
}

union fd_control {
    struct cmsghdr align;
    char room[CMSG_SPACE(sizeof(int))];
};

int message_send(int socket, const struct message *message, int fd)
{
    union fd_control control = {0};
    struct iovec part = {.iov_base = (void *)(uintptr_t)message, .iov_len = message_length(message)};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (fd >= 0) {
        header.msg_control = control.room;
        header.msg_controllen = sizeof control.room;
        struct cmsghdr *c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    return RETRY(sendmsg(socket, &header, MSG_NOSIGNAL)) < 0 ? -1 : 0;
}

int message_receive(int socket, struct message *message, int *fd)
{
    union fd_control control = {0};
    struct iovec part = {.iov_base = message, .iov_len = sizeof *message};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.room,
                            .msg_controllen = sizeof control.room};
    *fd = -1;
    ssize_t got = RETRY(recvmsg(socket, &header, MSG_CMSG_CLOEXEC));
    if (got < 0)
        return errno == ECONNRESET ? 0 : -1;
    if (got == 0)
        return 0;
    struct cmsghdr *c = CMSG_FIRSTHDR(&header);
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof *fd))
        memcpy(fd, CMSG_DATA(c), sizeof *fd);
    if ((size_t)got < offsetof(struct message, body) || (size_t)got != message_length(message)) {
        close_fd(fd);
        errno = EBADMSG;
        return -1;
    }
    return 1;
}

int send_event(struct context *c, enum event event, int value, int fd)
{
    struct message message = {
        .kind = MESSAGE_EVENT, .from = (int)c->self, .event = (int)event, .value = value};
    if (message_send(c->sync, &message, fd) < 0)
        return fail(c, "sendmsg", errno, "event %d", (int)event);
    return 0;
}

static int take_failure(struct context *c, const struct message *message)
{
    c->failure = message->body.failure;
    c->failure.syscall[sizeof c->failure.syscall - 1] = 0;
    c->failure.detail[sizeof c->failure.detail - 1] = 0;
    return -1;
}

int await_event(struct context *c, enum process of, enum event event, struct message *message, int *fd)
{
    for (;;) {
        int got = message_receive(c->sync, message, fd);
        if (got < 0)
            return fail(c, "recvmsg", errno, "event %d", (int)event);
        if (got == 0 && event == EVENT_EXECUTED)
            return 0;
        if (got == 0)
            return fail(c, "recvmsg", EPIPE, "the other process ended");
        if (message->kind == MESSAGE_FAILURE)
            return take_failure(c, message);
        if (message->kind == MESSAGE_WARNING) {
            if (c->warning_count < sizeof c->warnings / sizeof *c->warnings)
                c->warnings[c->warning_count++] = message->body.warning;
            continue;
        }
        if (message->from == (int)of && message->event == (int)event)
            return 0;
        close_fd(fd);
        return fail(c, "recvmsg", EPROTO, "event %d of process %d", message->event, message->from);
    }
}
