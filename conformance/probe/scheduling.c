// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <limits.h>
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe.h"
#include "reading.h"

#define PROCESSORS 8192 // the largest that a kernel can be configured for
#define NODES 1024
#define WORD (8 * sizeof(unsigned long))

// linux/sched/types.h would bring a struct sched_param that is not musl's.
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

static const char *const policies[] = {"SCHED_OTHER", "SCHED_FIFO", "SCHED_RR",       "SCHED_BATCH",
                                       "SCHED_ISO",   "SCHED_IDLE", "SCHED_DEADLINE", "SCHED_EXT"};
static const char *const io_classes[] = {"IOPRIO_CLASS_NONE", "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE",
                                         "IOPRIO_CLASS_IDLE"};
static const char *const memory_modes[] = {
    "MPOL_DEFAULT",        "MPOL_PREFERRED",          "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL",
    "MPOL_PREFERRED_MANY", "MPOL_WEIGHTED_INTERLEAVE"};

#define NAMED(names, number) write_name(answer, names, sizeof(names) / sizeof *(names), number)
static void write_name(struct json *answer, const char *const *names, size_t count, unsigned number)
{
    char text[16];
    (void)snprintf(text, sizeof text, "%u", number);
    json_text(answer, number < count ? names[number] : text);
}

static void write_bits(struct json *answer, const unsigned long *words, size_t bits)
{
    json_open(answer, '[');
    for (size_t i = 0; i < bits; i++)
        if (words[i / WORD] >> i % WORD & 1)
            json_number(answer, (long long)i);
    json_close(answer, ']');
}

static void write_oom_score(struct json *answer)
{
    char text[32];
    ssize_t length = read_file("/proc/self/oom_score_adj", text, sizeof text - 1);
    if (length <= 0) {
        json_null(answer);
        return;
    }
    text[length] = '\0';
    json_number(answer, strtol(text, NULL, 10));
}

enum outcome answer_scheduling(const struct question *question, struct json *answer)
{
    (void)question;
    struct attributes attributes = {.size = sizeof attributes};
    unsigned long processors[PROCESSORS / WORD] = {0};
    if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) < 0)
        return cannot("sched_getattr");
    long io = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);
    if (io < 0)
        return cannot("ioprio_get");
    // musl's function would need a mask of its own size
    if (syscall(SYS_sched_getaffinity, 0, sizeof processors, processors) < 0)
        return cannot("sched_getaffinity");
    json_open(answer, '{');
    json_key(answer, "policy");
    NAMED(policies, attributes.policy);
    json_number(json_key(answer, "flags"), (long long)attributes.flags);
    json_number(json_key(answer, "nice"), attributes.nice);
    json_number(json_key(answer, "priority"), attributes.priority);
    json_decimal(json_key(answer, "runtime"), attributes.runtime);
    json_decimal(json_key(answer, "deadline"), attributes.deadline);
    json_decimal(json_key(answer, "period"), attributes.period);
    json_key(answer, "ioClass");
    NAMED(io_classes, (unsigned)io >> IOPRIO_CLASS_SHIFT);
    json_number(json_key(answer, "ioPriority"), io & 7); // the other bits are hints, since 6.5
    write_bits(json_key(answer, "processors"), processors, PROCESSORS);
    write_oom_score(json_key(answer, "oomScoreAdj"));
    json_close(answer, '}');
    return ANSWERED;
}

enum outcome answer_memory_policy(const struct question *question, struct json *answer)
{
    (void)question;
    static const struct {
        int flag;
        const char *name;
    } flags[] = {
        {1 << 15, "MPOL_F_STATIC_NODES"},
        {1 << 14, "MPOL_F_RELATIVE_NODES"},
        {1 << 13, "MPOL_F_NUMA_BALANCING"}, // since 5.12
    };
    unsigned long nodes[NODES / WORD] = {0};
    int mode = 0;
    if (syscall(SYS_get_mempolicy, &mode, nodes, NODES, NULL, 0) < 0)
        return cannot("get_mempolicy");
    json_open(answer, '{');
    json_key(answer, "mode");
    NAMED(memory_modes, (unsigned)mode & ((1U << 13) - 1));
    json_open(json_key(answer, "flags"), '[');
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (mode & flags[i].flag)
            json_text(answer, flags[i].name);
    json_close(answer, ']');
    write_bits(json_key(answer, "nodes"), nodes, NODES);
    json_close(answer, '}');
    return ANSWERED;
}
