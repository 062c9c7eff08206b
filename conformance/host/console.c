// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "connection.h"
#include "lines.h"
#include "warden.h"

static int write_delivery(const struct delivery *delivery)
{
    struct json line = {0};
    json_open(&line, '{');
    json_bytes(json_key(&line, "name"), delivery->bytes, delivery->length);
    json_number(json_key(&line, "fds"), delivery->fds);
    json_close(&line, '}');
    return write_line(&line);
}

// Until no process has the terminal any more: its master reads EIO then.
static int copy(int master)
{
    static char buffer[65536];
    struct pollfd readable = {.fd = master, .events = POLLIN};
    for (;;) {
        if (poll(&readable, 1, -1) < 0 && errno != EINTR)
            return complain("poll", "");
        ssize_t got = read(master, buffer, sizeof buffer);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got == 0 || (got < 0 && errno == EIO))
            return 0;
        if (got < 0)
            return complain("read", "terminal");
        if (write_out(buffer, (size_t)got) < 0)
            return complain("write", "stdout");
    }
}

int console(int argc, char **argv)
{
    static char name[65536];
    struct delivery delivery = {.bytes = name, .size = sizeof name};
    if (argc != 2)
        return usage();
    int connection = connection_take(argv[1]);
    if (connection < 0)
        return EXIT_SETUP;
    if (connection_receive(connection, &delivery) < 0)
        return complain("recvmsg", "");
    if (write_delivery(&delivery) < 0)
        return complain("write", "stdout");
    if (delivery.first < 0) {
        (void)fputs("warden: no descriptor came\n", stderr);
        return EXIT_SETUP;
    }
    return copy(delivery.first);
}
