// SPDX-License-Identifier: Apache-2.0

#include "shown.h"

#include "ops_shown.h"

const struct arg_shown *shown_arguments(const struct op_shape *op)
{
    return op_shown[plan_number(op)];
}

const char *process_name(int64_t process)
{
    return process >= 0 && process < PROCESS_COUNT ? process_names[process] : "";
}

const char *event_name(int64_t event)
{
    return event >= 0 && event < EVENT_COUNT ? event_names[event] : "";
}
