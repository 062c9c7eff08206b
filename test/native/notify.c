// SPDX-License-Identifier: Apache-2.0

// Both ends of sd_notify(3), for tests.
//   notify send TEXT...       each text to $NOTIFY_SOCKET, as a container's program does
//   notify manage ADDRESS     as a service manager: prints each message in one line, with how many
//   descriptors came
//                             along, and closes these, which answers a barrier

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static socklen_t address_of(const char *text, struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    strncpy(address->sun_path, text, sizeof address->sun_path - 1);
    if (*text == '@')
        address->sun_path[0] = 0;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(text) + (*text == '/'));
}

static int send_all(int fd, char **texts)
{
    struct sockaddr_un address;
    const char *path = getenv("NOTIFY_SOCKET");
    if (!path)
        return fprintf(stderr, "no NOTIFY_SOCKET\n"), 1;
    socklen_t size = address_of(path, &address);
    for (; *texts; texts++)
        if (sendto(fd, *texts, strlen(*texts), 0, (struct sockaddr *)&address, size) < 0)
            return perror(path), 1;
    return 0;
}

static int manage(int fd, const char *path)
{
    struct sockaddr_un address;
    socklen_t size = address_of(path, &address);
    if (bind(fd, (struct sockaddr *)&address, size) < 0)
        return perror(path), 1;
    puts("bound");
    for (;;) {
        char text[4096];
        int fds[8];
        union {
            struct cmsghdr header;
            char space[CMSG_SPACE(sizeof fds)];
        } control;
        struct iovec part = {.iov_base = text, .iov_len = sizeof text - 1};
        struct msghdr message = {
            .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
        ssize_t length = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
        if (length < 0)
            return perror("recvmsg"), 1;
        text[length] = 0;
        for (char *at = text; (at = strchr(at, '\n'));)
            *at = ' ';
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        size_t count = rights ? (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
        printf("%s+ %zu\n", text, count);
        if (count > 0)
            memcpy(fds, CMSG_DATA(rights), count * sizeof(int));
        for (size_t i = 0; i < count; i++)
            close(fds[i]);
    }
}

int main(int count, char **arguments)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (count > 2 && strcmp(arguments[1], "send") == 0)
        return send_all(fd, arguments + 2);
    if (count == 3 && strcmp(arguments[1], "manage") == 0)
        return manage(fd, arguments[2]);
    return 2;
}
