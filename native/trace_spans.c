// SPDX-License-Identifier: Apache-2.0

// What was done, and what was not, of the steps that a plan has and of those that a process has left to do
// from another plan; and what lies between them: a process's birth, the hooks, the container's program.

#include "trace_report.h"

#include <stdlib.h>
#include <string.h>

#include "ops.h"

enum { BETWEEN = 8 }; // at most: births, and the program

// The steps of one process: in the plan, by name, and as they were taken.
struct story {
    enum process process;
    const struct traced_step *taken;
    size_t count;
    struct section section;
    int64_t names;
};

static const struct traced_step *taken_by(const struct context *c, enum process process, size_t *count)
{
    uint64_t found = __atomic_load_n(&c->trace->processes[process].count, __ATOMIC_ACQUIRE);
    *count = found < TRACE_STEPS ? (size_t)found : TRACE_STEPS;
    return c->trace->processes[process].steps;
}

static const char *warning_of(const struct context *c, enum process process, size_t step)
{
    for (size_t i = 0; i < c->warning_count; i++)
        if (c->warnings[i].process == (int)process && c->warnings[i].step == (int)step)
            return c->warnings[i].detail;
    return NULL;
}

static void judge(const struct traced_plan *traced, enum process process, size_t step,
                  const struct traced_step *taken, struct span *span)
{
    const struct context *c = traced->context;
    const char *warning = warning_of(c, process, step);
    int failing = c->failure.process < 0 ? 0 : c->failure.process;
    if (traced->failed && failing == (int)process && c->failure.step == (int)step) {
        span->result = RESULT_FAILED;
        span->detail = c->failure.detail;
    } else if (span->end == 0)
        span->result = RESULT_UNFINISHED;
    else if (taken->failed)
        span->result = RESULT_STOPPED;
    else if (warning) {
        span->result = RESULT_WARNING;
        span->detail = warning;
    }
    if (taken->end)
        span->status = taken->status;
}

// The kernel tells the runtime by closing init's socket that the program runs; 0 when it has not.
static uint64_t executed_at(const struct traced_plan *traced)
{
    _Alignas(8) uint8_t args[ARGS_SIZE];
    struct context *c = traced->context;
    struct section section;
    size_t count;
    const struct traced_step *taken = taken_by(c, PROCESS_RUNTIME, &count);
    if (plan_section(&c->plan, PROCESS_RUNTIME, &section) < 0)
        return 0;
    for (size_t i = 0; i < section.steps && i < count; i++) {
        const struct op_shape *op;
        if (plan_step(&section.cursor, PROCESS_RUNTIME, &op, args, &c->arena) < 0)
            return 0;
        const struct args_wait *wait = (const void *)args;
        if (plan_number(op) == OP_WAIT && wait->event == EVENT_EXECUTED && !taken[i].failed)
            return taken[i].end;
    }
    return 0;
}

static struct span *add(struct spans *out, const char *name, enum row row, uint64_t start, uint64_t end)
{
    struct span *span = &out->items[out->count++];
    *span = (struct span){
        .name = name, .from = "", .row = row, .start = start, .end = end, .detail = "", .status = -1};
    return span;
}

static bool is(const struct span *span, const char *name)
{
    return strcmp(span->name, name) == 0;
}

// What the steps of the others tell of a process, or its program.
static void add_between(const struct traced_plan *traced, uint64_t executed, struct spans *out)
{
    const struct context *c = traced->context;
    size_t steps = out->count, stage_count, init_count;
    const struct traced_step *stage = taken_by(c, PROCESS_STAGE, &stage_count);
    const struct traced_step *init = taken_by(c, PROCESS_INIT, &init_count);
    size_t births = 0, programs = 0;
    for (size_t i = 0; i < steps; i++) {
        struct span step = out->items[i];
        bool of_init = is(&step, "cloneInit");
        if (step.start && births < BETWEEN / 2 && (of_init || is(&step, "cloneStage"))) {
            size_t count = of_init ? init_count : stage_count;
            const struct traced_step *first = of_init ? init : stage;
            if (count > 0 && first->start >= step.start) {
                add(out, "cloned", of_init ? ROW_INIT : ROW_STAGE, step.start, first->start);
                births++;
            }
        }
        if (is(&step, "superviseInit") && step.end && executed && c->exit_status >= 0 && programs++ == 0)
            add(out, "program", ROW_INIT, executed, step.end)->status = c->exit_status;
    }
}

static void add_process(const struct traced_plan *traced, struct story *story, struct cursor *names,
                        uint64_t executed, struct spans *out)
{
    _Alignas(8) uint8_t args[ARGS_SIZE];
    struct context *c = traced->context;
    size_t done = 0;
    for (int64_t i = 0; i < story->names; i++) {
        struct cursor at = story->section.cursor;
        const struct op_shape *op;
        const char *name, *from;
        bool in_plan = (uint64_t)i < story->section.steps;
        if (take_string(names, &name) < 0 || take_string(names, &from) < 0 ||
            (in_plan && plan_step(&story->section.cursor, story->process, &op, args, &c->arena) < 0))
            return;
        bool is_taken = done < story->count && story->taken[done].step == (uint64_t)i;
        if (!*name)
            continue; // a step that is not known was taken before
        struct span *span = add(out, name, ROW_RUNTIME + (enum row)story->process, 0, 0);
        span->process = story->process;
        span->from = from;
        span->step = (int)i + 1;
        if (in_plan)
            span->at = at;
        span->result = traced->failed ? RESULT_MISSING : RESULT_LATER;
        if (!is_taken)
            continue;
        struct traced_step taken = story->taken[done++]; // init may go on meanwhile
        span->start = taken.start;
        span->end = taken.end == 0 && is(span, "execve") ? executed : taken.end;
        span->result = RESULT_OK;
        judge(traced, story->process, (size_t)i, &taken, span);
        if (is(span, "runHook")) {
            struct span *hook = &out->items[out->count++];
            *hook = *span;
            hook->row = ROW_HOOKS;
        }
    }
}

static int by_start(const void *one, const void *other)
{
    const struct span *first = one, *second = other;
    // what has no start comes last; 0 - 1 is the highest there is
    uint64_t a = first->start - 1, b = second->start - 1;
    if (a != b)
        return a < b ? -1 : 1;
    return first->row != second->row ? (int)first->row - (int)second->row : first->step - second->step;
}

// How many steps are named, which bounds what is to be said of them.
static size_t count_names(struct cursor names)
{
    size_t total = 0;
    for (size_t process = 0; process < PROCESS_COUNT; process++) {
        int64_t count;
        if (take_int(&names, &count) < 0 || count < 0)
            return total;
        for (int64_t i = 0; i < count * 2; i++) {
            const char *word;
            if (take_string(&names, &word) < 0)
                return total;
        }
        total += (size_t)count;
    }
    return total;
}

int collect_spans(const struct traced_plan *traced, struct spans *out)
{
    struct context *c = traced->context;
    struct cursor names = traced->names;
    *out = (struct spans){.items = calloc(count_names(names) * 2 + BETWEEN, sizeof *out->items)};
    if (!out->items)
        return -1;
    uint64_t executed = executed_at(traced);
    for (size_t process = 0; process < PROCESS_COUNT; process++) {
        struct story story = {.process = (enum process)process};
        if (take_int(&names, &story.names) < 0 || plan_section(&c->plan, process, &story.section) < 0)
            break;
        story.taken = taken_by(c, story.process, &story.count);
        add_process(traced, &story, &names, executed, out);
    }
    add_between(traced, executed, out);
    qsort(out->items, out->count, sizeof *out->items, by_start);
    return 0;
}
