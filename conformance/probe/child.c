// SPDX-License-Identifier: Apache-2.0

#include "child.h"

#include <errno.h>
#include <sys/wait.h>

#include "signal_mask.h"
#include "start.h"

void child_signals(void)
{
    unsigned long long blocked;
    if (start_blocked(&blocked) == 0)
        (void)mask_change(SIG_SETMASK, blocked); // it was read with the same call
}

bool child_wait(pid_t child, int *status)
{
    pid_t got;
    do
        got = waitpid(child, status, 0);
    while (got < 0 && errno == EINTR);
    return got == child;
}

void child_write(struct json *answer, int status)
{
    json_key(answer, "exit");
    if (WIFEXITED(status))
        json_number(answer, WEXITSTATUS(status));
    else
        json_null(answer);
    json_key(answer, "signal");
    if (WIFSIGNALED(status))
        json_number(answer, WTERMSIG(status));
    else
        json_null(answer);
}
