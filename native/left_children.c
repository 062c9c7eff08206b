// SPDX-License-Identifier: Apache-2.0

#include "left_children.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/wait.h>

enum { COUNT = 1024 };

// Until one is waited for, its pid is its own. 0 where there is room.
static atomic_int left[COUNT];

void leave_child(pid_t pid)
{
    for (size_t i = 0; i < COUNT; i++) {
        int none = 0;
        if (atomic_compare_exchange_strong(&left[i], &none, pid))
            return;
    }
    // more than that stay zombies until the program ends
}

void reap_left_children(void)
{
    for (size_t i = 0; i < COUNT; i++) {
        int pid = atomic_load(&left[i]);
        siginfo_t info = {0};
        if (pid == 0)
            continue;
        // somebody else may have waited for it (ECHILD)
        bool gone = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG) < 0 || info.si_pid != 0;
        if (gone)
            (void)atomic_compare_exchange_strong(&left[i], &pid, 0);
    }
}
