// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a trace shows of a step's arguments.

#include "ops.h"

enum manner {
    SHOWN_PLAINLY,
    SHOWN_UNSIGNED,
    SHOWN_HIDDEN,
    SHOWN_NAMES,   // of NAME=VALUE
    SHOWN_OPTIONS, // without passwords
    SHOWN_PROCESS, // an index of such
    SHOWN_EVENT,
};

struct arg_shown {
    const char *name;
    enum manner manner;
};

// In the order of the op's arguments; NULL where it has none.
const struct arg_shown *shown_arguments(const struct op_shape *op);
const char *process_name(int64_t process);
const char *event_name(int64_t event);
