// SPDX-License-Identifier: Apache-2.0

// Spans as lines for people: when, how long, which process, what, asked for where, and how it ended.

#include <inttypes.h>
#include <string.h>

#include "shown.h"
#include "trace_report.h"

// What a step is about: the first of these that it has.
static const char *const subjects[] = {"destination", "file", "path", "event", "name", "id"};

static void put_subject(struct text *out, struct context *c, const struct span *span)
{
    _Alignas(8) uint8_t args[ARGS_SIZE];
    const struct op_shape *op;
    struct cursor at = span->at;
    if (!at.at || plan_step(&at, span->process, &op, args, &c->arena) < 0)
        return;
    const struct arg_shown *shown = shown_arguments(op);
    for (size_t wanted = 0; wanted < sizeof subjects / sizeof *subjects; wanted++)
        for (size_t i = 0; i < op->count; i++) {
            const void *field = args + op->args[i].offset;
            const char *const *string = field;
            const int64_t *event = field;
            const char *value = op->args[i].kind == ARG_STRING   ? *string
                                : shown[i].manner == SHOWN_EVENT ? event_name(*event)
                                                                 : "";
            if (strcmp(shown[i].name, subjects[wanted]) != 0 || !*value)
                continue;
            put_char(out, ' ');
            put_escaped(out, value, strlen(value));
            return;
        }
}

static void put_microseconds(struct text *out, uint64_t nanoseconds)
{
    put_format(out, "%7" PRIu64 " µs", (nanoseconds + 500) / 1000);
}

static void put_ending(struct text *out, const struct span *span)
{
    static const char *const words[] = {[RESULT_OK] = "",
                                        [RESULT_WARNING] = "warning",
                                        [RESULT_FAILED] = "failed",
                                        [RESULT_STOPPED] = "stopped",
                                        [RESULT_UNFINISHED] = "unfinished",
                                        [RESULT_MISSING] = "not reached",
                                        [RESULT_LATER] = "later"};
    bool ended = span->status >= 0, told = *words[span->result] != 0;
    if (!ended && !told)
        return;
    put_format(out, "  [%s%s", words[span->result], ended && told ? ", " : "");
    if (ended)
        put_format(out, "exit status %d", span->status);
    // the last line is where programs say why
    size_t length = strlen(span->detail);
    while (length > 0 && span->detail[length - 1] == '\n')
        length--;
    size_t start = length;
    while (start > 0 && span->detail[start - 1] != '\n')
        start--;
    put_word(out, length > start ? ": " : "");
    put_escaped(out, span->detail + start, length - start);
    put_char(out, ']');
}

void write_lines(struct text *out, const struct traced_plan *traced, const struct spans *spans)
{
    static const char *const names[] = {
        [ROW_COMMAND] = "command", [ROW_RUNTIME] = "runtime", [ROW_STAGE] = "stage", [ROW_INIT] = "init"};
    for (size_t i = 0; i < spans->count; i++) {
        const struct span *span = &spans->items[i];
        if (span->row == ROW_HOOKS) // which is in the line of the step that ran it
            continue;
        if (span->start) {
            put_microseconds(out, span->start > traced->since ? span->start - traced->since : 0);
            put_char(out, ' ');
        }
        if (span->end)
            put_microseconds(out, span->end > span->start ? span->end - span->start : 0);
        put_format(out, "%*s", span->end ? 2 : span->start ? 12 : 23, "");
        put_format(out, "%-7s %s", names[span->row], span->name);
        put_subject(out, traced->context, span);
        if (*span->from) {
            put_word(out, "  (");
            put_escaped(out, span->from, strlen(span->from));
            put_char(out, ')');
        }
        put_ending(out, span);
        put_char(out, '\n');
    }
}
