// SPDX-License-Identifier: Apache-2.0

#include "failure.h"

#include <stdarg.h>
#include <stdio.h>

#include "context.h"

int fail(struct context *c, const char *syscall, int error, const char *format, ...)
{
    va_list list;
    c->failure.process = (int)c->self;
    c->failure.error = error;
    (void)snprintf(c->failure.syscall, sizeof c->failure.syscall, "%s", syscall);
    va_start(list, format);
    (void)vsnprintf(c->failure.detail, sizeof c->failure.detail, format, list);
    va_end(list);
    return -1;
}

void warn(struct context *c, int error, const char *format, ...)
{
    if (c->warning_count == sizeof c->warnings / sizeof *c->warnings)
        return;
    struct warning *warning = &c->warnings[c->warning_count++];
    va_list list;
    warning->process = (int)c->self;
    warning->step = c->failure.step;
    warning->error = error;
    va_start(list, format);
    (void)vsnprintf(warning->detail, sizeof warning->detail, format, list);
    va_end(list);
}
