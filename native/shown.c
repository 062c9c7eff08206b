// SPDX-License-Identifier: Apache-2.0

#include "shown.h"

#include <string.h>

#include "ops_shown.h"

static struct arg_shown shown_at(const char *text)
{
    return (struct arg_shown){.manner = (enum manner)(unsigned char)text[0], .name = text + 1};
}

struct arg_shown first_shown(const struct op_shape *op)
{
    return shown_at(args_shown + args_shown_at[plan_number(op)]);
}

struct arg_shown next_shown(struct arg_shown shown)
{
    return shown_at(shown.name + strlen(shown.name) + 1);
}

const char *process_name(int64_t process)
{
    return process >= 0 && process < PROCESS_COUNT ? process_names[process] : "";
}

const char *event_name(int64_t event)
{
    return event >= 0 && event < EVENT_COUNT ? event_names[event] : "";
}
