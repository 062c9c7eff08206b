// SPDX-License-Identifier: Apache-2.0

// sd_notify(3) for a container: its program gets a socket of its own, below a folder that is bound into the
// container, and that it is ready is handed on to the caller's. Nothing else is: what the program writes is
// not to be trusted, and the rest of what a service manager takes (MAINPID above all) is the runtime's to
// say.

#include "notify.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "cleanup.h"
#include "process.h"
#include "unix_socket.h"

static const char folder_name[] = "notify";
static const char socket_name[] = "notify.sock";

enum { BARRIER_MILLISECONDS = 30000 };

int op_make_notify(struct context *c)
{
    if (mkdirat(c->state, folder_name, 0755) < 0)
        return fail(c, "mkdirat", errno, "%s", folder_name);
    // whoever the program runs as must get through, whatever our umask is
    return fchmodat(c->state, folder_name, 0755, 0) < 0 ? fail(c, "fchmodat", errno, "%s", folder_name) : 0;
}

// -1 after a warning: a container is none the worse when nobody hears that it is ready.
static int connect_manager(struct context *c, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if ((*path != '/' && *path != '@') || length >= sizeof address.sun_path) {
        warn(c, EAFNOSUPPORT, "NOTIFY_SOCKET %s: neither a path nor an abstract name of a socket", path);
        return -1;
    }
    memcpy(address.sun_path, path, length);
    if (*path == '@')
        address.sun_path[0] = 0;
    CLOSE_FD int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (*path == '/'));
    if (fd >= 0 && RETRY(connect(fd, (struct sockaddr *)&address, size)) == 0)
        return steal_fd(&fd);
    warn(c, errno, "NOTIFY_SOCKET %s: connect: %s", path, strerror(errno));
    return -1;
}

int op_listen_notify(struct context *c, const struct args_listen_notify *a)
{
    // another start was quicker: its socket stays, and releaseStart tells
    if (c->init == 0 && faccessat(c->state, "start", F_OK, 0) < 0)
        return 0;
    CLOSE_FD int manager = connect_manager(c, a->socket);
    if (manager < 0)
        return 0;
    CLOSE_FD int folder = openat(c->state, folder_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return fail(c, "openat", errno, "%s", folder_name);
    CLOSE_FD int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail(c, "socket", errno, "%s", socket_name);
    // that of a start which was killed may be there
    if (unlinkat(folder, socket_name, 0) < 0 && errno != ENOENT)
        return fail(c, "unlinkat", errno, "%s", socket_name);
    // for whoever the program runs as; not by chmod(2), which would follow what it might have put there
    mode_t mask = umask(0);
    int bound = bind_beneath(c, fd, folder, socket_name);
    (void)umask(mask);
    if (bound < 0)
        return -1;
    c->notify = steal_fd(&fd);
    c->manager = steal_fd(&manager);
    return 0;
}

bool notify_received(const struct context *c)
{
    char text[4096];
    // descriptors that come along are dropped by the kernel, since there is no room for them
    ssize_t length = RETRY(recv(c->notify, text, sizeof text - 1, 0));
    if (length <= 0)
        return false;
    text[length] = 0;
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));)
        if (strcmp(line, "READY=1") == 0)
            return true;
    return false;
}

void notify_ready(struct context *c, pid_t main)
{
    char text[64];
    // one message, so that a manager which has seen the first half knows the second
    int length = snprintf(text, sizeof text, "READY=1\nMAINPID=%d\n", main);
    if (RETRY(send(c->manager, text, (size_t)length, MSG_NOSIGNAL)) < 0)
        warn(c, errno, "NOTIFY_SOCKET: send: %s", strerror(errno));
    close_fd(&c->notify);
}

// sd_notify_barrier(3): the other side closes the descriptor when it has read all that came before. Systemd
// looks at who sent a message when it reads it, so its sender must not have ended by then.
static void await_barrier(struct context *c)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) {
        warn(c, errno, "NOTIFY_SOCKET: pipe2: %s", strerror(errno));
        return;
    }
    CLOSE_FD int mine = ends[0];
    CLOSE_FD int theirs = ends[1];
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {
        .header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))}};
    memcpy(CMSG_DATA(&control.header), &theirs, sizeof theirs);
    char text[] = "BARRIER=1";
    struct iovec part = {.iov_base = text, .iov_len = sizeof text - 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.space};
    if (RETRY(sendmsg(c->manager, &message, MSG_NOSIGNAL)) < 0) {
        warn(c, errno, "NOTIFY_SOCKET: sendmsg: %s", strerror(errno));
        return;
    }
    close_fd(&theirs);
    struct pollfd closed = {.fd = mine};
    if (RETRY(poll(&closed, 1, BARRIER_MILLISECONDS)) == 0)
        warn(c, ETIMEDOUT, "NOTIFY_SOCKET: no answer to BARRIER=1 within 30 s");
}

int op_await_ready(struct context *c, const struct args_await_ready *a)
{
    if (c->notify < 0)
        return 0;
    CLOSE_FD int other = a->pid ? open_process(a->pid, a->start_time) : -1;
    if (a->pid && other < 0)
        return errno == ESRCH ? 0 : fail(c, "pidfd_open", errno, "init");
    struct pollfd fds[] = {{.fd = c->notify, .events = POLLIN},
                           {.fd = a->pid ? other : c->init_pidfd, .events = POLLIN}};
    for (;;) {
        if (RETRY(poll(fds, 2, -1)) < 0)
            return fail(c, "poll", errno, "%s", socket_name);
        // what it said last counts, though it has ended since
        if (fds[0].revents) {
            if (notify_received(c))
                break;
        } else if (fds[1].revents) {
            return 0; // it has ended, which is for others to tell
        }
    }
    notify_ready(c, a->pid ? (pid_t)a->pid : c->init);
    await_barrier(c);
    return 0;
}
