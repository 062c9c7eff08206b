// SPDX-License-Identifier: Apache-2.0

// The inner half of `warden reap`: PID 1.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reap.h"
#include "warden.h"

#define PATIENCE 2000 // milliseconds for a caller that does not read what is reported

static bool caller_gone(int caller)
{
    struct pollfd pipe = {.fd = caller, .events = POLLIN};
    return poll(&pipe, 1, 0) != 0;
}

static int prepare(const struct reaping *reaping)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return complain("mount", "/ (private)");
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        return complain("mount", "/proc");
    return reaping->cgroup2 && mount_cgroup2() < 0 ? EXIT_SETUP : 0;
}

static _Noreturn void execute(const struct reaping *reaping)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) // if PID 1 is dead, so is this process
        _exit(complain("prctl", "PR_SET_PDEATHSIG"));
    if (sigprocmask(SIG_SETMASK, &reaping->before, NULL) < 0)
        _exit(complain("sigprocmask", ""));
    (void)execvp(reaping->command[0], reaping->command);
    (void)complain("execve", reaping->command[0]);
    _exit(EXIT_NOT_EXECUTED);
}

// A caller that does not read must not keep PID 1 from reaping: it is only waited for once.
static void report(pid_t child, int status)
{
    static int patience = PATIENCE;
    char line[48];
    struct pollfd reader = {.fd = REPORTS, .events = POLLOUT};
    int length = WIFSIGNALED(status)
                     ? snprintf(line, sizeof line, "%d signal %d\n", child, WTERMSIG(status))
                     : snprintf(line, sizeof line, "%d exit %d\n", child, WEXITSTATUS(status));
    if (poll(&reader, 1, patience) == 0) {
        if (patience > 0)
            (void)fputs("warden: nobody reads fd 4\n", stderr);
        patience = 0;
    } else if (write(REPORTS, line, (size_t)length) != length) {
        (void)complain("write", "fd 4");
    }
}

// Returns how the command ended; afterwards, with WNOHANG, what is left of the others.
static int wait_all(pid_t command, int options, bool reports, int *status)
{
    for (;;) {
        pid_t got = waitpid(-1, status, options);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got;
        if (got == command)
            return 0;
        if (reports)
            report(got, *status);
    }
}

int reap_as_init(const struct reaping *reaping)
{
    int code, status, rest;
    // user namespace and all: from here on the outer half's death is this one's
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || caller_gone(reaping->caller))
        return EXIT_SETUP;
    if ((code = prepare(reaping)) != 0)
        return code;
    pid_t command = fork();
    if (command < 0)
        return complain("fork", "");
    if (command == 0)
        execute(reaping);
    if (wait_all(command, 0, reaping->reports, &status) < 0)
        return complain("waitpid", "");
    (void)wait_all(command, WNOHANG, reaping->reports, &rest);
    return exit_code_of(status);
}
