// SPDX-License-Identifier: Apache-2.0

// A seccomp agent, see the listenerPath of the spec.

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "connection.h"
#include "lines.h"
#include "warden.h"

#define STATE_MOST (1 << 20)
#define MORE 200 // milliseconds for what might still come after the state

struct sent {
    int fds, later_fds; // in the first message, in others
    int filter;
    size_t length;
    char state[STATE_MOST];
};

// Whether the text is an object to its end.
static bool is_whole(const char *text, size_t length)
{
    bool quoted = false;
    int depth = 0;
    for (size_t i = 0; i < length; i++) {
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && (text[i] == '{' || text[i] == '['))
            depth++;
        else if (!quoted && (text[i] == '}' || text[i] == ']') && --depth == 0)
            return true;
    }
    return false;
}

// crun keeps the connection as long as it runs itself, which can be as long as the container: its end is not
// waited for, once the state is whole.
static bool ends(int connection, const struct sent *sent)
{
    struct pollfd more = {.fd = connection, .events = POLLIN};
    return is_whole(sent->state, sent->length) && poll(&more, 1, MORE) == 0;
}

static int receive_state(int connection, struct sent *sent)
{
    for (bool first = true; first || !ends(connection, sent); first = false) {
        struct delivery delivery = {.bytes = sent->state + sent->length, .size = STATE_MOST - sent->length};
        if (delivery.size == 0)
            return 0;
        ssize_t got = connection_receive(connection, &delivery);
        if (got < 0)
            return -1;
        *(first ? &sent->fds : &sent->later_fds) += delivery.fds;
        if (first)
            sent->filter = delivery.first;
        else if (delivery.first >= 0)
            (void)close(delivery.first);
        if (got == 0)
            return 0;
        sent->length += (size_t)got;
    }
    return 0;
}

static int write_state(const struct sent *sent)
{
    struct json line = {0};
    json_open(&line, '{');
    json_number(json_key(&line, "fds"), sent->fds);
    json_bytes(json_key(&line, "state"), sent->state, sent->length);
    json_number(json_key(&line, "laterFds"), sent->later_fds);
    json_close(&line, '}');
    return write_line(&line);
}

static int write_notification(const struct seccomp_notif *request)
{
    struct json line = {0};
    json_open(&line, '{');
    json_number(json_key(&line, "syscall"), request->data.nr);
    json_number(json_key(&line, "pid"), request->pid);
    json_close(&line, '}');
    return write_line(&line);
}

// The kernel may know longer structures than this program.
struct buffers {
    struct seccomp_notif *request;
    struct seccomp_notif_resp *response;
    struct seccomp_notif_sizes sizes;
};

static int make_buffers(struct buffers *buffers)
{
    struct seccomp_notif_sizes *sizes = &buffers->sizes;
    if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, sizes) < 0)
        return -1;
    if (sizes->seccomp_notif < sizeof *buffers->request)
        sizes->seccomp_notif = sizeof *buffers->request;
    if (sizes->seccomp_notif_resp < sizeof *buffers->response)
        sizes->seccomp_notif_resp = sizeof *buffers->response;
    buffers->request = calloc(1, sizes->seccomp_notif);
    buffers->response = calloc(1, sizes->seccomp_notif_resp);
    return buffers->request && buffers->response ? 0 : -1;
}

// ENOENT: the process that asked has ended.
static int answer_one(int filter, struct buffers *buffers, int error)
{
    struct seccomp_notif *request = buffers->request;
    struct seccomp_notif_resp *response = buffers->response;
    memset(request, 0, buffers->sizes.seccomp_notif); // the kernel insists on it
    if (ioctl(filter, (int)SECCOMP_IOCTL_NOTIF_RECV, request) < 0)
        return errno == ENOENT || errno == EINTR ? 0 : complain("ioctl", "SECCOMP_IOCTL_NOTIF_RECV");
    if (write_notification(request) < 0)
        return complain("write", "stdout");
    memset(response, 0, buffers->sizes.seccomp_notif_resp);
    response->id = request->id;
    response->error = -error;
    response->flags = error ? 0 : (__u32)SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    if (ioctl(filter, (int)SECCOMP_IOCTL_NOTIF_SEND, response) < 0 && errno != ENOENT)
        return complain("ioctl", "SECCOMP_IOCTL_NOTIF_SEND");
    return 0;
}

// Until no process has the filter any more.
static int serve(int filter, int error)
{
    struct buffers buffers = {0};
    struct pollfd asked = {.fd = filter, .events = POLLIN};
    if (make_buffers(&buffers) < 0)
        return complain("seccomp", "SECCOMP_GET_NOTIF_SIZES");
    for (;;) {
        if (poll(&asked, 1, -1) < 0 && errno != EINTR)
            return complain("poll", "");
        int code = asked.revents & POLLIN ? answer_one(filter, &buffers, error) : 0;
        if (code)
            return code;
        if (!(asked.revents & POLLIN) && asked.revents & (POLLHUP | POLLERR | POLLNVAL))
            return 0;
    }
}

// 0 stands for "continue"; -1 for words that are neither.
static int parse_answer(int argc, char **argv)
{
    if (argc == 2 || (argc == 3 && strcmp(argv[2], "continue") == 0))
        return 0;
    if (argc != 4 || strcmp(argv[2], "errno") != 0)
        return -1;
    char *end;
    long number = strtol(argv[3], &end, 10);
    return *argv[3] && !*end && number > 0 && number < 4096 ? (int)number : -1;
}

int listener(int argc, char **argv)
{
    static struct sent sent;
    int error = parse_answer(argc, argv);
    sent.filter = -1;
    if (error < 0)
        return usage();
    int connection = connection_take(argv[1]);
    if (connection < 0)
        return EXIT_SETUP;
    if (receive_state(connection, &sent) < 0)
        return complain("recvmsg", "");
    if (write_state(&sent) < 0)
        return complain("write", "stdout");
    if (sent.filter < 0) {
        (void)fputs("warden: no descriptor came\n", stderr);
        return EXIT_SETUP;
    }
    return serve(sent.filter, error);
}
