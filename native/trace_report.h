// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a trace says, as text. Made here, because an engine that is small enough to start in a millisecond
// needs another one to write a line for each step.

#include "context.h"
#include "text.h"

enum result {
    RESULT_OK,
    RESULT_WARNING,    // done, with something to say
    RESULT_FAILED,     // ended the plan
    RESULT_STOPPED,    // by a failure elsewhere
    RESULT_UNFINISHED, // going on when the plan was done, or when its process was ended
    RESULT_MISSING,    // not reached, since the plan failed
    RESULT_LATER,      // than this plan: it waits for start
};

// The rows of a picture; the runtime's phases, the first, are not ours.
enum row { ROW_COMMAND = 1, ROW_RUNTIME, ROW_STAGE, ROW_INIT, ROW_HOOKS };

// A step, or what lies between steps.
struct span {
    const char *name;
    const char *from; // JSON pointer of what asked for it, or ""
    enum process process;
    enum row row;
    int step;       // from 1; 0 for what is no step
    uint64_t start; // 0 where it was not reached
    uint64_t end;   // 0 where there was none
    enum result result;
    const char *detail; // or ""
    int status;         // of a program that it ran, -1 without
    struct cursor at;   // of the step in the plan; NULL where it is not in it
};

struct spans {
    struct span *items; // to be freed
    size_t count;
};

// What all of this is made from.
struct traced_plan {
    struct context *context; // its plan, its failure, its warnings
    bool failed;
    struct cursor names; // for each process the number of its steps, and of each its name and its origin
    uint64_t since;      // times count from here
};

// In the order of their starts; those that were not reached come last. 0, or -1 without memory.
int collect_spans(const struct traced_plan *traced, struct spans *out);
// Each an event in JSON ("Trace Event Format") and a line.
void write_events(struct text *out, const struct traced_plan *traced, const struct spans *spans);
// Each a line for people.
void write_lines(struct text *out, const struct traced_plan *traced, const struct spans *spans);
