// SPDX-License-Identifier: Apache-2.0

// The outer half of `warden reap`: makes the namespaces, waits, ends everything when told to.

#include "reap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "warden.h"

#define STACK 65536

int exit_code_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int parse(int argc, char **argv, struct reaping *reaping)
{
    int at = 1;
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--user") == 0)
            reaping->user = true;
        else if (strcmp(argv[at], "--cgroup2") == 0)
            reaping->cgroup2 = true;
        else
            return -1;
    }
    reaping->command = argv + at;
    return at < argc ? 0 : -1;
}

// COMMAND must not have it, and nobody else's end of it may be missing: then the caller is gone.
static int prepare_reports(struct reaping *reaping)
{
    struct pollfd reader = {.fd = REPORTS, .events = POLLOUT};
    reaping->reports = fcntl(REPORTS, F_GETFD) >= 0;
    if (!reaping->reports)
        return 0;
    if (fcntl(REPORTS, F_SETFD, FD_CLOEXEC) < 0)
        return -1;
    if (poll(&reader, 1, 0) > 0 && reader.revents & (POLLERR | POLLHUP)) {
        errno = EPIPE;
        return -1;
    }
    return 0;
}

static void ending_signals(sigset_t *set)
{
    (void)sigemptyset(set);
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        (void)sigaddset(set, signals[i]);
}

// Signals wait in the mask until they are fetched here: none is missed, and none comes in between.
static int supervise(pid_t init, const sigset_t *signals)
{
    for (;;) {
        int status, signal = sigwaitinfo(signals, NULL);
        if (signal < 0 && errno != EINTR)
            return complain("sigwaitinfo", "");
        bool ends = signal > 0 && signal != SIGCHLD;
        if (ends)
            (void)kill(init, SIGKILL); // it has not been waited for, so it is ours
        pid_t got = waitpid(init, &status, ends ? 0 : WNOHANG);
        if (got < 0)
            return complain("waitpid", "");
        if (got == init)
            return ends ? 128 + signal : exit_code_of(status);
    }
}

// The start of the inner half. That the caller lives is told by the pipe: in a PID namespace, getppid() is 0.
struct start {
    struct reaping *reaping;
    int ready, keep; // the pipe's ends
};

static int inner(void *argument)
{
    struct start *start = argument;
    char go;
    (void)close(start->keep);
    start->reaping->caller = start->ready;
    if (read(start->ready, &go, 1) != 1)
        return EXIT_SETUP; // the outer half has failed, and has said so
    return reap_as_init(start->reaping);
}

static pid_t begin(struct start *start)
{
    static _Alignas(16) char stack[STACK]; // the child has a copy of its own
    int flags = CLONE_NEWNS | CLONE_NEWPID | (start->reaping->user ? CLONE_NEWUSER : 0) | SIGCHLD;
    return clone(inner, stack + sizeof stack, flags, start);
}

static int make_and_supervise(struct reaping *reaping, const sigset_t *signals)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return complain("pipe2", "");
    struct start start = {reaping, ends[0], ends[1]};
    pid_t init = begin(&start);
    if (init < 0)
        return complain("clone", reaping->user ? "CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID"
                                               : "CLONE_NEWNS | CLONE_NEWPID");
    (void)close(ends[0]);
    if (reaping->user && map_users(init) < 0) {
        (void)kill(init, SIGKILL);
        return EXIT_SETUP;
    }
    if (write(ends[1], "", 1) != 1)
        return complain("write", "");
    return supervise(init, signals); // which keeps the pipe open, as long as this process lives
}

int reap(int argc, char **argv)
{
    struct reaping reaping = {0};
    sigset_t signals;
    if (parse(argc, argv, &reaping) < 0)
        return usage();
    if (prepare_reports(&reaping) < 0)
        return complain("fd 4", "");
    ending_signals(&signals);
    if (sigprocmask(SIG_BLOCK, &signals, &reaping.before) < 0)
        return complain("sigprocmask", "");
    return make_and_supervise(&reaping, &signals);
}
