// SPDX-License-Identifier: Apache-2.0
#pragma once

struct context;

struct failure {
    int process;
    int step;
    int error; // errno; 0 where `detail` says it all
    char syscall[32];
    char detail[2048];
};

// Fills c->failure with the facts of the current step and returns -1. No sentences here: lib/wording.ts.
int fail(struct context *c, const char *syscall, int error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
