// SPDX-License-Identifier: Apache-2.0

// Init's end of the conversation closes when it executes the program, and also when it ends before that
// without a word: a seccomp filter may refuse or kill the very calls by which it would tell. Then its name
// tells.

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "context.h"
#include "ops.h"

// Text behind the name in proc_pid_stat(5) while it is that of runts-init, which execve(2) changes; NULL when
// it is not, or when somebody has waited for the process, so that nobody can tell any more.
static const char *before_execve(pid_t pid, char *text, size_t size)
{
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
    CLOSE_FD int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : RETRY(read(file, text, size - 1));
    text[length > 0 ? length : 0] = 0;
    static const char name[] = "(runts-init) ";
    char *found = strstr(text, name);
    return found ? found + strlen(name) : NULL;
}

int op_confirm_executed(struct context *c)
{
    enum { MILLISECONDS = 5000 };
    pid_t pid = c->init > 0 ? c->init : c->peer;
    CLOSE_FD int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd ended = {.fd = pidfd, .events = POLLIN};
    char text[1024];
    // execve(2) closes descriptors before it changes the name, and exit(2) before the process counts as ended
    for (int i = 0; pidfd >= 0 && i < MILLISECONDS; i++) {
        bool gone = RETRY(poll(&ended, 1, i > 0)) > 0;
        const char *found = before_execve(pid, text, sizeof text);
        if (!found)
            return 0;
        if (!gone)
            continue;
        const char *last = strrchr(found, ' ');
        int status = last ? atoi(last) : 0; // exit_code, 0 where we may not trace it
        if (WIFSIGNALED(status))
            return fail(c, "recvmsg", EPIPE, "init was killed by signal %d", WTERMSIG(status));
        return fail(c, "recvmsg", EPIPE, "init exited with status %d", WEXITSTATUS(status));
    }
    return 0;
}
