// SPDX-License-Identifier: Apache-2.0

// The device rules, as a program that the kernel asks at each open and mknod in the cgroup: bpf(2). Its
// instructions are made in lib/plan/device-filter.ts.

#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "context.h"

// By this the program is known again among those of systemd, or of a runtime inside the container.
static const char program_name[BPF_OBJ_NAME_LEN] = "runts_devices";

// The kernel attaches no more to one cgroup (BPF_CGROUP_MAX_PROGS).
enum { MOST_PROGRAMS = 64 };

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
    return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

// An interrupted verifier gives up with EAGAIN.
static int load(union bpf_attr *attributes)
{
    int fd = -1;
    for (int tries = 0; tries < 30 && fd < 0; tries++) {
        fd = bpf(BPF_PROG_LOAD, attributes);
        if (fd < 0 && errno != EAGAIN)
            break;
    }
    return fd;
}

// A refused program once more, to hear why.
static int tell_refusal(struct context *c, union bpf_attr *attributes)
{
    char log[4096] = "";
    int error = errno;
    attributes->log_level = 4; // BPF_LOG_STATS: what went wrong and counts, not every instruction
    attributes->log_buf = (uint64_t)(uintptr_t)log;
    attributes->log_size = sizeof log;
    CLOSE_FD int fd = bpf(BPF_PROG_LOAD, attributes);
    log[strcspn(log, "\n")] = 0;
    // the verifier gives up with one of these, depending on what it has too much of and on its age
    bool many = error == E2BIG || error == EFAULT || error == ENOMEM;
    return fail(c, "bpf", many ? E2BIG : error, "BPF_PROG_LOAD of %u instructions%s%s%s",
                attributes->insn_cnt, many ? ", too many device rules" : "", *log ? ": " : "", log);
}

// The program's descriptor; -1 with the failure, or when there is to be none.
static int load_program(struct context *c, struct bytes instructions, bool optional)
{
    static const char licence[] = "Apache-2.0";
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.insns = (uint64_t)(uintptr_t)instructions.data;
    attributes.insn_cnt = (uint32_t)(instructions.length / sizeof(struct bpf_insn));
    attributes.license = (uint64_t)(uintptr_t)licence;
    memcpy(attributes.prog_name, program_name, sizeof program_name);
    int fd = load(&attributes);
    if (fd >= 0 || (optional && (errno == EPERM || errno == ENOSYS)))
        return fd;
    return tell_refusal(c, &attributes);
}

// Beside what is there, or in the place of one.
static int attach(int cgroup, int program, int instead_of)
{
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)cgroup;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    // several, so that a runtime or systemd inside the container can add its own below
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    if (instead_of >= 0) {
        attributes.attach_flags |= BPF_F_REPLACE; // Linux 5.6
        attributes.replace_bpf_fd = (uint32_t)instead_of;
    }
    return bpf(BPF_PROG_ATTACH, &attributes);
}

static int not_enforced(struct context *c)
{
    warn(c, errno, "device rules are not enforced");
    return 0;
}

static bool is_own(int program)
{
    struct bpf_prog_info info;
    union bpf_attr attributes;
    memset(&info, 0, sizeof info);
    memset(&attributes, 0, sizeof attributes);
    attributes.info.bpf_fd = (uint32_t)program;
    attributes.info.info_len = sizeof info;
    attributes.info.info = (uint64_t)(uintptr_t)&info;
    return bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes) == 0 &&
           memcmp(info.name, program_name, sizeof program_name) == 0;
}

// The cgroup's first program with our name, as a descriptor; *found is -1 when there is none.
static int find_own(int cgroup, int *found)
{
    *found = -1;
    uint32_t ids[MOST_PROGRAMS];
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.query.target_fd = (uint32_t)cgroup;
    attributes.query.attach_type = BPF_CGROUP_DEVICE;
    attributes.query.prog_ids = (uint64_t)(uintptr_t)ids;
    attributes.query.prog_cnt = MOST_PROGRAMS;
    if (bpf(BPF_PROG_QUERY, &attributes) < 0)
        return -1;
    uint32_t count = attributes.query.prog_cnt;
    for (uint32_t i = 0; i < count && i < MOST_PROGRAMS; i++) {
        memset(&attributes, 0, sizeof attributes);
        attributes.prog_id = ids[i];
        // one that is gone meanwhile, or that a security module keeps from us, is not ours
        CLOSE_FD int fd = bpf(BPF_PROG_GET_FD_BY_ID, &attributes);
        if (fd >= 0 && is_own(fd)) {
            *found = steal_fd(&fd);
            return 0;
        }
    }
    return 0;
}

int op_attach_device_filter(struct context *c, const struct args_attach_device_filter *a)
{
    CLOSE_FD int program = load_program(c, a->program, a->optional);
    if (program < 0)
        return c->failure.error ? -1 : not_enforced(c);
    // a cgroup that was there before may still have the rules of the container that had it last
    CLOSE_FD int left = -1;
    (void)find_own(c->cgroup, &left); // who may not look may not attach either
    if (attach(c->cgroup, program, left) == 0)
        return 0;
    return a->optional && errno == EPERM ? not_enforced(c) : fail(c, "bpf", errno, "BPF_PROG_ATTACH");
}

int op_replace_device_filter(struct context *c, const struct args_replace_device_filter *a)
{
    CLOSE_FD int program = load_program(c, a->program, a->optional);
    if (program < 0)
        return c->failure.error ? -1 : not_enforced(c);
    // tries again when another has replaced it in between
    for (int tries = 0;; tries++) {
        CLOSE_FD int own = -1;
        if (find_own(c->cgroup, &own) < 0)
            return a->optional && errno == EPERM ? not_enforced(c) : fail(c, "bpf", errno, "BPF_PROG_QUERY");
        if (own < 0 && a->created)
            return 0;
        if (own < 0)
            return fail(c, "bpf", ENOENT,
                        "the container's device rules are no longer those that were attached when it was "
                        "created: something else has put its own in their place");
        if (attach(c->cgroup, program, own) == 0)
            return 0;
        if (errno != ENOENT || tries == 10)
            return fail(c, "bpf", errno, "BPF_PROG_ATTACH");
    }
}
