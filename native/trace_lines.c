// SPDX-License-Identifier: Apache-2.0

// Spans as lines for people: when, how long, which process, what, asked for where, and how it ended.

#include <string.h>

#include "shown.h"
#include "trace_report.h"

// How well an argument tells what a step is about; 0 where it does not.
static size_t telling(const char *name)
{
    static const char *const subjects[] = {"id", "name", "event", "path", "file", "destination"};
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        if (strcmp(name, subjects[i]) == 0)
            return i + 1;
    return 0;
}

static void put_subject(struct text *out, struct context *c, const struct span *span)
{
    _Alignas(8) uint8_t args[ARGS_SIZE];
    const struct op_shape *op;
    struct cursor at = span->at;
    if (!at.at || plan_step(&at, span->process, &op, args, &c->arena) < 0)
        return;
    const char *subject = "";
    size_t best = 0;
    struct arg_shown shown = first_shown(op);
    for (size_t i = 0; i < op->count; i++, shown = next_shown(shown)) {
        const void *field = args + op->args[i].offset;
        const char *const *string = field;
        const int64_t *event = field;
        const char *value = op->args[i].kind == ARG_STRING ? *string
                            : shown.manner == SHOWN_EVENT  ? event_name(*event)
                                                           : "";
        if (!*value || telling(shown.name) <= best)
            continue;
        best = telling(shown.name);
        subject = value;
    }
    put_word(out, *subject ? " " : "");
    put_escaped(out, subject, strlen(subject));
}

static void put_spaces(struct text *out, size_t count)
{
    static const char spaces[] = "                        ";
    put(out, spaces, count < sizeof spaces ? count : sizeof spaces - 1);
}

// In a column of ten.
static void put_microseconds(struct text *out, uint64_t nanoseconds)
{
    uint64_t value = (nanoseconds + 500) / 1000;
    size_t digits = 1;
    for (uint64_t rest = value; rest >= 10; rest /= 10)
        digits++;
    put_spaces(out, digits < 7 ? 7 - digits : 0);
    put_number(out, value, 1);
    put_word(out, " µs");
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
    put_word(out, "  [");
    put_word(out, words[span->result]);
    put_word(out, ended && told ? ", " : "");
    if (ended) {
        put_word(out, "exit status ");
        put_number(out, (uint64_t)span->status, 1);
    }
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
        [ROW_RUNTIME] = "runtime ", [ROW_STAGE] = "stage   ", [ROW_INIT] = "init    "};
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
        put_spaces(out, span->end ? 2 : span->start ? 12 : 23);
        put_word(out, names[span->row]);
        put_word(out, span->name);
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
