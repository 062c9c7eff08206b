// SPDX-License-Identifier: Apache-2.0

// The terminal's master, on to whoever asked for it with --console-socket.

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "context.h"
#include "unix_socket.h"

static int send_master(struct context *c, int socket)
{
    char name[] = "/dev/ptmx"; // conmon and go-runc want some name as the payload
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = name, .iov_len = sizeof name - 1};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.room,
                            .msg_controllen = sizeof control.room};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof c->console);
    memcpy(CMSG_DATA(rights), &c->console, sizeof c->console);
    return RETRY(sendmsg(socket, &header, MSG_NOSIGNAL)) < 0 ? fail(c, "sendmsg", errno, "console socket")
                                                             : 0;
}

int op_pass_console(struct context *c, const struct args_pass_console *a)
{
    char folder_path[PATH_MAX];
    const char *slash = strrchr(a->socket, '/');
    int length = slash ? (int)(slash - a->socket) : 0;
    int written = snprintf(folder_path, sizeof folder_path, "%.*s/", length, a->socket);
    if (written < 0 || (size_t)written >= sizeof folder_path)
        return fail(c, "connect", ENAMETOOLONG, "%s", a->socket);
    CLOSE_FD int folder = open(slash ? folder_path : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return fail(c, "open", errno, "%s", a->socket);
    CLOSE_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(c, "socket", errno, "console socket");
    if (connect_beneath(c, fd, folder, slash ? slash + 1 : a->socket) < 0 || send_master(c, fd) < 0)
        return -1;
    close_fd(&c->console);
    return 0;
}
