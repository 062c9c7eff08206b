// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a trace shows of a step's arguments.

#include "ops.h"

enum manner {
    SHOWN_PLAINLY = '_',
    SHOWN_UNSIGNED = 'u',
    SHOWN_HIDDEN = 'h',
    SHOWN_NAMES = 'n',   // of NAME=VALUE
    SHOWN_OPTIONS = 'o', // without passwords
    SHOWN_PROCESS = 'p', // an index of such
    SHOWN_EVENT = 'e',
};

struct arg_shown {
    enum manner manner;
    const char *name;
};

// That of the op's first argument, if it has one, and of the one after another.
struct arg_shown first_shown(const struct op_shape *op);
struct arg_shown next_shown(struct arg_shown shown);
const char *process_name(int64_t process);
const char *event_name(int64_t event);
