// SPDX-License-Identifier: Apache-2.0

// Descriptors for whoever asked for them: the terminal's master with --console-socket, a pidfd with
// --pidfd-socket.

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "context.h"
#include "unix_socket.h"

static int send_descriptor(struct context *c, int socket, int fd, const char *payload)
{
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = (char *)(uintptr_t)payload, .iov_len = strlen(payload)};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.room,
                            .msg_controllen = sizeof control.room};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    return RETRY(sendmsg(socket, &header, MSG_NOSIGNAL)) < 0 ? fail(c, "sendmsg", errno, "%s", payload) : 0;
}

static int pass(struct context *c, const char *path, int fd, const char *payload)
{
    char folder_path[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int length = slash ? (int)(slash - path) : 0;
    int written = snprintf(folder_path, sizeof folder_path, "%.*s/", length, path);
    if (written < 0 || (size_t)written >= sizeof folder_path)
        return fail(c, "connect", ENAMETOOLONG, "%s", path);
    CLOSE_FD int folder = open(slash ? folder_path : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return fail(c, "open", errno, "%s", path);
    CLOSE_FD int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0)
        return fail(c, "socket", errno, "%s", path);
    if (connect_beneath(c, connection, folder, slash ? slash + 1 : path) < 0)
        return -1;
    return send_descriptor(c, connection, fd, payload);
}

int op_pass_console(struct context *c, const struct args_pass_console *a)
{
    // conmon and go-runc want some name as the payload
    if (pass(c, a->socket, c->console, "/dev/ptmx") < 0)
        return -1;
    close_fd(&c->console);
    return 0;
}

int op_pass_pidfd(struct context *c, const struct args_pass_pidfd *a)
{
    return pass(c, a->socket, c->init_pidfd, a->kind);
}
