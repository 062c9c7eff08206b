// SPDX-License-Identifier: Apache-2.0

#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "warden.h"

#define DESCRIPTORS 253 // SCM_MAX_FD

// Where the path is too long for an address, its folder becomes the present one.
static const char *shortened(const char *path, size_t room)
{
    const char *slash = strrchr(path, '/');
    if (strlen(path) < room || !slash)
        return path;
    char *folder = strndup(path, (size_t)(slash - path) + 1);
    int result = folder ? chdir(folder) : -1;
    free(folder);
    return result < 0 ? NULL : slash + 1;
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *name = shortened(path, sizeof address.sun_path);
    if (!name)
        return -1;
    if (strlen(name) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, name, strlen(name) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1) < 0) {
        int saved = errno;
        (void)close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

int connection_take(const char *path)
{
    int listening = listen_at(path);
    if (listening < 0) {
        (void)complain("listen at", path);
        return -1;
    }
    if (printf("listening\n") < 0 || fflush(stdout) < 0) {
        (void)complain("write", "stdout");
        return -1;
    }
    int connection;
    do
        connection = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    while (connection < 0 && errno == EINTR);
    if (connection < 0)
        (void)complain("accept", path);
    (void)close(listening);
    return connection;
}

// A socket like this gets one control message at most.
static void take_descriptors(struct msghdr *header, struct delivery *delivery)
{
    const struct cmsghdr *control = CMSG_FIRSTHDR(header);
    if (!control || control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
        return;
    size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(control) + i * sizeof fd, sizeof fd);
        if (delivery->fds++ == 0)
            delivery->first = fd;
        else
            (void)close(fd);
    }
}

ssize_t connection_receive(int connection, struct delivery *delivery)
{
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
    } control;
    struct iovec part = {.iov_base = delivery->bytes, .iov_len = delivery->size};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.room,
                            .msg_controllen = sizeof control.room};
    ssize_t got;
    do
        got = recvmsg(connection, &header, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    delivery->fds = 0;
    delivery->first = -1;
    delivery->length = got < 0 ? 0 : (size_t)got;
    if (got >= 0)
        take_descriptors(&header, delivery);
    return got;
}
