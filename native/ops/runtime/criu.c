// SPDX-License-Identifier: Apache-2.0

// criu(8) as a service of our own, `criu swrk`: a request over a socket, and its notifications on the way, in
// which the plan goes on. The restored processes become our children.

#include "criu.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "criu_wire.h"
#include "message.h"

enum { SOCKET_NUMBER = 3 };

static _Noreturn void give_up(const struct context *c, int report, const char *syscall, const char *detail)
{
    struct message message = {.kind = MESSAGE_FAILURE, .from = PROCESS_RUNTIME};
    message.body.failure =
        (struct failure){.process = PROCESS_RUNTIME, .step = c->failure.step, .error = errno};
    (void)strncpy(message.body.failure.syscall, syscall, sizeof message.body.failure.syscall - 1);
    (void)strncpy(message.body.failure.detail, detail, sizeof message.body.failure.detail - 1);
    (void)message_send(report, &message, -1);
    _exit(127);
}

// criu wants the new root to be a mount of its own. It is one in a mount namespace that ends with criu, so
// nothing is left on the host, whatever happens.
static int bind_root(const char *root)
{
    if (unshare(CLONE_NEWNS) < 0 || mount("", "/", "", MS_REC | MS_SLAVE, NULL) < 0)
        return -1;
    return mount(root, root, "", MS_BIND | MS_REC, NULL);
}

// The files, in that mount namespace, and the socket: criu takes who made it for its client, and opens the
// files by their numbers there. So it is made here, and its other end sent to who asks.
static void place_files(const struct context *c, const struct args_start_criu *a, int report)
{
    int pair[2], first = SOCKET_NUMBER + 1, beyond = first + (int)a->files.count;
    for (int i = 0; i < (int)a->files.count; i++) {
        const char *path = a->files.items[i];
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, beyond);
        if (high < 0)
            give_up(c, report, "open", path);
        (void)close(fd);
        if (dup2(high, first + i) < 0)
            give_up(c, report, "dup2", path);
    }
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        give_up(c, report, "socketpair", "criu");
    int high = fcntl(pair[1], F_DUPFD_CLOEXEC, beyond);
    struct message message = {.kind = MESSAGE_EVENT, .from = PROCESS_RUNTIME};
    if (high < 0 || message_send(report, &message, pair[0]) < 0 || dup2(high, SOCKET_NUMBER) < 0)
        give_up(c, report, "dup2", "criu");
}

// Between fork(2) and execve(2), where only system calls may be made.
static _Noreturn void become_criu(const struct context *c, const struct args_start_criu *a, int report)
{
    sigset_t none;
    (void)sigemptyset(&none);
    for (int number = 1; number < NSIG; number++)
        (void)signal(number, SIG_DFL); // an ignored one would stay so, in what is restored as well
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    int beyond = SOCKET_NUMBER + 1 + (int)a->files.count;
    report = fcntl(report, F_DUPFD_CLOEXEC, beyond);
    // what the caller left open is not the container's
    for (int fd = SOCKET_NUMBER; fd < beyond; fd++)
        (void)close(fd);
    if (report < 0 || syscall(SYS_close_range, (unsigned)beyond, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) < 0)
        _exit(127);
    if (*a->root && bind_root(a->root) < 0)
        give_up(c, report, "mount", a->root);
    place_files(c, a, report);
    char *const argv[] = {(char[]){"criu"}, (char[]){"swrk"}, (char[]){"3"}, NULL};
    (void)execve(a->program, argv, a->environment.items);
    give_up(c, report, "execve", a->program);
}

// The socket, or what failed; then the end, which the kernel makes at exec.
static int hear(struct context *c, int heard)
{
    struct message message;
    int fd = -1, got;
    while ((got = message_receive(heard, &message, &fd)) > 0) {
        if (message.kind == MESSAGE_FAILURE) {
            c->failure = message.body.failure;
            return -1;
        }
        c->criu->socket = fd;
    }
    if (got < 0)
        return fail(c, "recvmsg", errno, "criu");
    return c->criu->socket < 0 ? fail(c, "criu", 0, "ended before it began") : 0;
}

int op_make_folder(struct context *c, const struct args_make_folder *a)
{
    return mkdir(a->path, 0700) < 0 && errno != EEXIST ? fail(c, "mkdir", errno, "%s", a->path) : 0;
}

int op_start_criu(struct context *c, const struct args_start_criu *a)
{
    int ends[2];
    c->criu = malloc(sizeof *c->criu);
    if (!c->criu)
        return fail(c, "malloc", ENOMEM, "criu");
    *c->criu = (struct criu){.socket = -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return fail(c, "socketpair", errno, "criu");
    CLOSE_FD int heard = ends[0];
    pid_t pid = fork();
    if (pid == 0)
        become_criu(c, a, ends[1]);
    int error = errno;
    (void)close(ends[1]);
    if (pid < 0)
        return fail(c, "fork", error, "criu");
    c->criu->pid = pid;
    return hear(c, heard);
}

static int say(struct context *c, const uint8_t *data, size_t length)
{
    // one that has ended says why in what can still be received
    return RETRY(send(c->criu->socket, data, length, MSG_NOSIGNAL)) < 0 && errno != EPIPE
               ? fail(c, "send", errno, "criu")
               : 0;
}

int op_ask_criu(struct context *c, const struct args_ask_criu *a)
{
    return say(c, a->request.data, a->request.length);
}

static void take_descriptor(struct context *c, struct msghdr *header)
{
    struct cmsghdr *rights = CMSG_FIRSTHDR(header);
    if (!rights || rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS)
        return;
    close_fd(&c->console);
    memcpy(&c->console, CMSG_DATA(rights), sizeof c->console); // of orphan-pts-master alone
}

// How criu ended, when it did so without a word.
static int fail_of_end(struct context *c)
{
    siginfo_t info = {0};
    if (RETRY(waitid(P_PID, (id_t)c->criu->pid, &info, WEXITED)) < 0)
        return fail(c, "waitid", errno, "criu");
    c->criu->pid = 0;
    return fail(c, "criu", 0, info.si_code == CLD_EXITED ? "exit status %d" : "killed by signal %d",
                info.si_status);
}

static int receive(struct context *c, struct criu_reply *reply)
{
    enum { SIZE = 65536 };
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    CLOSE_FD int none = -1;
    uint8_t *buffer = malloc(SIZE);
    if (!buffer)
        return fail(c, "malloc", ENOMEM, "criu");
    struct iovec part = {.iov_base = buffer, .iov_len = SIZE};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.room,
                            .msg_controllen = sizeof control.room};
    ssize_t length = RETRY(recvmsg(c->criu->socket, &header, MSG_CMSG_CLOEXEC));
    int error = errno;
    if (length > 0)
        take_descriptor(c, &header);
    int decoded = length > 0 ? criu_decode(buffer, (size_t)length, reply) : 0;
    free(buffer);
    if (length < 0 && error != ECONNRESET)
        return fail(c, "recvmsg", error, "criu");
    if (length <= 0)
        return fail_of_end(c);
    return decoded < 0 ? fail(c, "recvmsg", EBADMSG, "criu") : 0;
}

static int answer(struct context *c)
{
    uint8_t text[CRIU_ANSWER];
    c->criu->open = false;
    return say(c, text, criu_answer(text));
}

static int take_init(struct context *c, pid_t pid)
{
    if (pid <= 0 || c->init > 0)
        return 0;
    c->init = pid;
    c->init_pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    return c->init_pidfd < 0 ? fail(c, "pidfd_open", errno, "%d", pid) : 0;
}

// The answer has come: criu ends.
static int finish(struct context *c, const struct criu_reply *reply)
{
    siginfo_t info = {0};
    pid_t pid = c->criu->pid;
    c->criu->pid = 0;
    // after a pre-dump it has done all, but waits to be asked for the dump
    if (reply->type == CRIU_PRE_DUMP)
        (void)kill(pid, SIGKILL);
    close_fd(&c->criu->socket);
    if (RETRY(waitid(P_PID, (id_t)pid, &info, WEXITED)) < 0)
        return fail(c, "waitid", errno, "criu");
    bool well = reply->type == CRIU_PRE_DUMP || (info.si_code == CLD_EXITED && info.si_status == 0);
    return well ? 0 : fail(c, "criu", 0, "ended with %d", info.si_status);
}

int op_await_criu(struct context *c, const struct args_await_criu *a)
{
    struct criu_reply reply;
    for (;;) {
        if (c->criu->open && answer(c) < 0)
            return -1;
        if (receive(c, &reply) < 0)
            return -1;
        if (!reply.success)
            return fail(c, "criu", reply.error, "%s", reply.message);
        if (reply.type != CRIU_NOTIFY)
            break;
        c->criu->open = true;
        if (take_init(c, reply.pid) < 0)
            return -1;
        if (*a->moment && strcmp(reply.script, a->moment) == 0)
            return 0;
    }
    return *a->moment ? fail(c, "criu", 0, "done without %s", a->moment) : finish(c, &reply);
}

void end_criu(struct context *c)
{
    struct criu *criu = c->criu;
    c->criu = NULL;
    if (!criu)
        return;
    close_fd(&criu->socket);
    siginfo_t info;
    if (criu->pid > 0)
        (void)RETRY(waitid(P_PID, (id_t)criu->pid, &info, WEXITED)); // nothing is to be done about a failure
    free(criu);
}
