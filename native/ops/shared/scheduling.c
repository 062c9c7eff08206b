// SPDX-License-Identifier: Apache-2.0

// How init is scheduled: done by itself, or by the runtime where only the runtime's rights count.

#include <inttypes.h>
#include <linux/ioprio.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "context.h"

// linux/sched/types.h would bring a struct sched_param that is not musl's.
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t clamp_min, clamp_max; // Linux 5.3; the flags about clamps are refused without them
};

static pid_t target(const struct context *c)
{
    return c->self == PROCESS_RUNTIME ? c->init : 0;
}

int op_set_scheduler(struct context *c, const struct args_set_scheduler *a)
{
    struct attributes attributes = {.size = sizeof attributes,
                                    .policy = (uint32_t)a->policy,
                                    .flags = a->flags,
                                    .nice = (int32_t)a->nice,
                                    .priority = (uint32_t)a->priority,
                                    .runtime = a->runtime,
                                    .deadline = a->deadline,
                                    .period = a->period};
    if (syscall(SYS_sched_setattr, target(c), &attributes, 0U) < 0)
        return fail(c, "sched_setattr", errno, "policy %" PRId64 ", flags 0x%" PRIx64, a->policy, a->flags);
    return 0;
}

int op_set_io_priority(struct context *c, const struct args_set_io_priority *a)
{
    if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, target(c), (int)a->priority) < 0)
        return fail(c, "ioprio_set", errno, "0x%" PRIx64, (uint64_t)a->priority);
    return 0;
}

int op_set_affinity(struct context *c, const struct args_set_affinity *a)
{
    enum { PROCESSOR_COUNT = 8192, WORD_BITS = 8 * sizeof(unsigned long) }; // the most that a kernel can have
    unsigned long mask[PROCESSOR_COUNT / WORD_BITS] = {0};
    for (size_t i = 0; i < a->processors.count; i++) {
        int64_t number = a->processors.items[i];
        if (number < 0 || number >= PROCESSOR_COUNT)
            return fail(c, "sched_setaffinity", EINVAL, "processor %" PRId64, number);
        mask[(size_t)number / WORD_BITS] |= 1UL << ((size_t)number % WORD_BITS);
    }
    pid_t pid = c->self == PROCESS_RUNTIME ? c->stage : 0;
    if (syscall(SYS_sched_setaffinity, pid, sizeof mask, mask) < 0)
        return fail(c, "sched_setaffinity", errno, "none of the %zu processors is to be had",
                    a->processors.count);
    return 0;
}
