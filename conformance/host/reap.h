// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#define REPORTS 4 // the descriptor that the caller opened for what is reaped

struct reaping {
    char **command;
    bool user, cgroup2, reports;
    int caller;      // readable as soon as the outer process is gone
    sigset_t before; // the signal mask for COMMAND
};

// PID 1: prepares its namespaces, runs the command, reaps; returns the exit code.
int reap_as_init(const struct reaping *reaping);
// Gives the child's user namespace its ids: 0 is the caller, the rest are its subordinate ids if it has any.
int map_users(pid_t child);
// A pure cgroup2 tree at /sys/fs/cgroup.
int mount_cgroup2(void);
// 128 + N for a signal.
int exit_code_of(int status);
