// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "context.h"

// A helper program of the host: a hook, newuidmap.
struct program {
    const char *path;
    char *const *argv;
    char *const *envp;
    const char *input; // for stdin
    size_t input_length;
    int64_t seconds; // then it is killed; 0 for no limit
};

// Runs it to its end. On failure the detail is what it printed (its last part), the errno ETIMEDOUT, that
// of exec, or 0 for an exit status other than 0.
int run_program(struct context *c, const struct program *program);
