// SPDX-License-Identifier: Apache-2.0

// Spans as events of Chrome's "Trace Event Format", a line of JSON each.

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "shown.h"
#include "trace_report.h"

static const char *const results[] = {
    [RESULT_OK] = "ok",           [RESULT_WARNING] = "warning",       [RESULT_FAILED] = "failed",
    [RESULT_STOPPED] = "stopped", [RESULT_UNFINISHED] = "unfinished", [RESULT_MISSING] = "not reached",
    [RESULT_LATER] = "later"};

// The rows of the picture are threads of one process.
static const char *const heads[] = {[ROW_RUNTIME] = ",\"cat\":\"runtime\",\"pid\":1,\"tid\":2,",
                                    [ROW_STAGE] = ",\"cat\":\"stage\",\"pid\":1,\"tid\":3,",
                                    [ROW_INIT] = ",\"cat\":\"init\",\"pid\":1,\"tid\":4,",
                                    [ROW_HOOKS] = ",\"cat\":\"hooks\",\"pid\":1,\"tid\":5,"};

// Options of network file systems that nobody else is to see.
static bool is_secret(const char *option, size_t name)
{
    static const char *const secrets[] = {"pass", "passwd", "password", "password2", "secret", "key"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (strlen(secrets[i]) == name && strncasecmp(option, secrets[i], name) == 0)
            return true;
    return false;
}

static void put_item(struct text *out, const char *string, enum manner manner)
{
    size_t name = strcspn(string, "=");
    bool masked = manner == SHOWN_NAMES || (manner == SHOWN_OPTIONS && is_secret(string, name));
    if (!masked || string[name] == 0) {
        put_quoted(out, string);
        return;
    }
    put_char(out, '"');
    put_escaped(out, string, name);
    put_word(out, "=***\"");
}

// One that no double holds exactly is a string: whoever reads it as JSON would round it.
static void put_integer(struct text *out, int64_t value, enum manner manner)
{
    const int64_t exact = (int64_t)1 << 53;
    if (value > exact || value < (manner == SHOWN_UNSIGNED ? 0 : -exact)) {
        char digits[24];
        int length = snprintf(digits, sizeof digits, "\"0x%" PRIx64 "\"", (uint64_t)value);
        put(out, digits, length < 0 ? 0 : (size_t)length);
        return;
    }
    put_word(out, value < 0 ? "-" : "");
    put_number(out, (uint64_t)(value < 0 ? -value : value), 1);
}

static void put_value(struct text *out, enum arg_kind kind, enum manner manner, const void *field)
{
    const struct strings *strings = field;
    const struct integers *integers = field;
    const char *const *string = field;
    const int64_t *number = field;
    const struct bytes *bytes = field;
    switch (kind) {
    case ARG_INT:
    case ARG_UINT:
        if (manner == SHOWN_PROCESS)
            put_quoted(out, process_name(*number));
        else if (manner == SHOWN_EVENT)
            put_quoted(out, event_name(*number));
        else
            put_integer(out, *number, manner);
        return;
    case ARG_STRING:
        put_quoted(out, *string);
        return;
    case ARG_STRINGS:
        put_char(out, '[');
        for (size_t i = 0; i < strings->count; i++) {
            put_word(out, i ? "," : "");
            put_item(out, strings->items[i], manner);
        }
        put_char(out, ']');
        return;
    case ARG_INTS:
        put_char(out, '[');
        for (size_t i = 0; i < integers->count; i++) {
            put_word(out, i ? "," : "");
            put_integer(out, integers->items[i], manner);
        }
        put_char(out, ']');
        return;
    case ARG_BYTES:
        put_word(out, "{\"bytes\":");
        put_number(out, bytes->length, 1);
        put_char(out, '}');
        return;
    }
}

static void put_arguments(struct text *out, struct context *c, const struct span *span)
{
    _Alignas(8) uint8_t args[ARGS_SIZE];
    const struct op_shape *op;
    struct cursor at = span->at;
    if (!at.at || plan_step(&at, span->process, &op, args, &c->arena) < 0)
        return;
    struct arg_shown shown = first_shown(op);
    for (size_t i = 0; i < op->count; i++, shown = next_shown(shown)) {
        if (shown.manner == SHOWN_HIDDEN)
            continue;
        put_char(out, ',');
        put_quoted(out, shown.name);
        put_char(out, ':');
        put_value(out, op->args[i].kind, shown.manner, args + op->args[i].offset);
    }
}

// Microseconds, as the format has them.
static void put_time(struct text *out, const char *name, uint64_t nanoseconds)
{
    put_word(out, name);
    put_number(out, nanoseconds / 1000, 1);
    put_char(out, '.');
    put_number(out, nanoseconds % 1000, 3);
}

// A hook is a program, and its row shows which.
static void put_name(struct text *out, struct context *c, const struct span *span)
{
    _Alignas(8) uint8_t args[ARGS_SIZE];
    const struct op_shape *op;
    struct cursor at = span->at;
    const struct args_run_hook *hook = (const void *)args;
    if (span->row == ROW_HOOKS && at.at && plan_step(&at, span->process, &op, args, &c->arena) == 0)
        put_quoted(out, hook->path);
    else
        put_quoted(out, span->name);
}

static void put_member(struct text *out, const char *name, int value)
{
    put_word(out, name);
    put_integer(out, value, SHOWN_PLAINLY);
}

static void put_event(struct text *out, const struct traced_plan *traced, const struct span *span)
{
    const struct failure *failure = &traced->context->failure;
    put_word(out, "{\"name\":");
    put_name(out, traced->context, span);
    put_word(out, heads[span->row]);
    if (span->start) {
        uint64_t start = span->start, since = traced->since;
        put_time(out, span->end ? "\"ph\":\"X\",\"ts\":" : "\"ph\":\"B\",\"ts\":",
                 start > since ? start - since : 0);
        if (span->end)
            put_time(out, ",\"dur\":", span->end > start ? span->end - start : 0);
        put_char(out, ',');
    }
    put_word(out, "\"args\":{\"result\":\"");
    put_word(out, results[span->result]);
    put_char(out, '"');
    if (span->result == RESULT_FAILED && failure->error)
        put_member(out, ",\"errno\":", failure->error);
    if (span->result == RESULT_FAILED && *failure->syscall) {
        put_word(out, ",\"syscall\":");
        put_quoted(out, failure->syscall);
    }
    if (*span->detail) {
        put_word(out, ",\"detail\":");
        put_quoted(out, span->detail);
    }
    if (span->status >= 0)
        put_member(out, ",\"status\":", span->status);
    if (span->step)
        put_member(out, ",\"step\":", span->step);
    if (*span->from) {
        put_word(out, ",\"from\":");
        put_quoted(out, span->from);
    }
    put_arguments(out, traced->context, span);
    put_word(out, "}}\n");
}

void write_events(struct text *out, const struct traced_plan *traced, const struct spans *spans)
{
    for (size_t i = 0; i < spans->count; i++)
        put_event(out, traced, &spans->items[i]);
}
