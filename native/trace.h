// SPDX-License-Identifier: Apache-2.0
#pragma once

// What each process has done and when, in memory that all of them share while a plan is traced. Each writes
// to its own part only. A container's process may have got hold of it: a reader believes no number in it.

#include <stdbool.h>
#include <stdint.h>

#include "ops.h"

// Beyond these a process goes on unseen. Pages that nobody writes to are never there.
enum { TRACE_STEPS = 4096 };

struct traced_step {
    uint64_t step;
    uint64_t start; // nanoseconds of CLOCK_MONOTONIC
    uint64_t end;   // 0 while it lasts
    int32_t failed;
    int32_t status; // of a program that it ran: its exit status, 128 and the signal, or -1 without one
};

struct trace {
    struct {
        uint64_t count;
        struct traced_step steps[TRACE_STEPS];
    } processes[PROCESS_COUNT];
};

// A descriptor of such memory that cannot be made smaller by whoever else gets it; -1 with errno.
int trace_create(void);
// NULL with errno, also for what is no such memory.
struct trace *trace_map(int fd);
// NULL where there is no trace, or no room left in it.
struct traced_step *trace_begin(struct trace *trace, enum process process, int step);
void trace_end(struct traced_step *traced, bool failed, int status);
