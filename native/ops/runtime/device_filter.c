// SPDX-License-Identifier: Apache-2.0

// The device rules, as a program that the kernel asks at each open and mknod in the cgroup: bpf(2). Its
// instructions are made in lib/plan/device-filter.ts.

#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "context.h"

int op_attach_device_filter(struct context *c, const struct args_attach_device_filter *a)
{
    static const char licence[] = "Apache-2.0";
    union bpf_attr load;
    memset(&load, 0, sizeof load);
    load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    load.insns = (uint64_t)(uintptr_t)a->program.data;
    load.insn_cnt = (uint32_t)(a->program.length / sizeof(struct bpf_insn));
    load.license = (uint64_t)(uintptr_t)licence;
    CLOSE_FD int program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load);
    if (program < 0 && a->optional && (errno == EPERM || errno == ENOSYS)) {
        warn(c, errno, "device rules are not enforced");
        return 0;
    }
    if (program < 0)
        return fail(c, "bpf", errno, "BPF_PROG_LOAD");
    union bpf_attr attach;
    memset(&attach, 0, sizeof attach);
    attach.target_fd = (uint32_t)c->cgroup;
    attach.attach_bpf_fd = (uint32_t)program;
    attach.attach_type = BPF_CGROUP_DEVICE;
    // several, so that a runtime or systemd inside the container can add its own below
    attach.attach_flags = BPF_F_ALLOW_MULTI;
    if (syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof attach) == 0)
        return 0;
    if (a->optional && errno == EPERM) {
        warn(c, errno, "device rules are not enforced");
        return 0;
    }
    return fail(c, "bpf", errno, "BPF_PROG_ATTACH");
}
