// SPDX-License-Identifier: Apache-2.0

// stage's work: joins the namespaces that exist, makes those that must be entered before init is cloned,
// then clones init, as a child of the runtime.

#include <fcntl.h>
#include <inttypes.h>
#include <linux/sched.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "message.h"
#include "write_all.h"

static int join(struct context *c, int64_t slot, int64_t type)
{
    return setns(c->namespaces[slot], (int)type) < 0 ? -1 : 0;
}

int op_join_namespaces(struct context *c, const struct args_join_namespaces *a)
{
    bool joined[NAMESPACE_COUNT] = {false};
    if (a->slots.count != a->types.count || a->slots.count > NAMESPACE_COUNT)
        return fail(c, "setns", EINVAL, "%zu namespaces", a->slots.count);
    for (size_t i = 0; i < a->slots.count; i++)
        if (a->slots.items[i] < 0 || a->slots.items[i] >= NAMESPACE_COUNT)
            return fail(c, "setns", EINVAL, "slot %" PRId64, a->slots.items[i]);
    // those that the caller owns need its rights, which it has no more in the user namespace; those that the
    // user namespace owns need the rights it gives
    for (size_t i = 0; i < a->slots.count; i++)
        if (a->types.items[i] != CLONE_NEWUSER)
            joined[i] = join(c, a->slots.items[i], a->types.items[i]) == 0;
    for (size_t i = 0; i < a->slots.count; i++)
        if (a->types.items[i] == CLONE_NEWUSER) {
            if (join(c, a->slots.items[i], CLONE_NEWUSER) < 0)
                return fail(c, "setns", errno, "user namespace");
            joined[i] = true;
            if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
                return fail(c, "setresuid", errno, "0 in the user namespace");
        }
    for (size_t i = 0; i < a->slots.count; i++)
        if (!joined[i] && join(c, a->slots.items[i], a->types.items[i]) < 0)
            return fail(c, "setns", errno, "namespace of type 0x%" PRIx64, (uint64_t)a->types.items[i]);
    return 0;
}

static const int kinds[] = {CLONE_NEWIPC, CLONE_NEWUTS,    CLONE_NEWNET, CLONE_NEWPID,
                            CLONE_NEWNS,  CLONE_NEWCGROUP, CLONE_NEWTIME};

int op_join_process(struct context *c, const struct args_join_process *a)
{
    if (a->slot < 0 || a->slot >= NAMESPACE_COUNT)
        return fail(c, "setns", EINVAL, "slot %" PRId64, a->slot);
    int process = c->namespaces[a->slot], flags = (int)a->flags;
    if (flags & CLONE_NEWUSER) {
        flags &= ~CLONE_NEWUSER;
        // first those that the caller's rights reach, as above
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (flags & kinds[i] && setns(process, kinds[i]) == 0)
                flags &= ~kinds[i];
        if (setns(process, CLONE_NEWUSER) < 0)
            return fail(c, "setns", errno, "user namespace");
        if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
            return fail(c, "setresuid", errno, "0 in the user namespace");
    }
    if (flags && setns(process, flags) < 0) // Linux 5.8
        return fail(c, "setns", errno, "namespaces 0x%x of the container's process", (unsigned)flags);
    return 0;
}

int op_unshare(struct context *c, const struct args_unshare *a)
{
    return unshare((int)a->flags) < 0 ? fail(c, "unshare", errno, "0x%" PRIx64, (uint64_t)a->flags) : 0;
}

int op_open_time_offsets(struct context *c)
{
    c->offsets = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
    return c->offsets < 0 ? fail(c, "open", errno, "/proc/self/timens_offsets") : 0;
}

int op_write_time_offsets(struct context *c, const struct args_write_time_offsets *a)
{
    if (write_all(c->offsets, a->offsets, strlen(a->offsets)) < 0)
        return fail(c, "write", errno, "/proc/self/timens_offsets: %s", a->offsets);
    // init, which is cloned from us, has no use for it
    close_fd(&c->offsets);
    return 0;
}

int op_clone_init(struct context *c, const struct args_clone_init *a)
{
    // the runtime, not stage, waits for it and is outlived by it; the kernel wants no exit signal then
    struct clone_args args = {.flags = (uint64_t)a->flags | CLONE_PARENT};
    int gate[2];
    if (pipe2(gate, O_CLOEXEC) < 0)
        return fail(c, "pipe2", errno, "gate");
    CLOSE_FD int gate_read = gate[0];
    CLOSE_FD int gate_write = gate[1];
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid < 0)
        return fail(c, "clone3", errno, "flags 0x%" PRIx64, (uint64_t)args.flags);
    if (pid > 0)
        return send_event(c, EVENT_CLONED, (int)pid, -1);
    // both speak on one socket: what init says must not overtake the news that there is one. The end of the
    // pipe comes when stage has spoken and let go of it.
    char none;
    close_fd(&gate_write);
    c->self = PROCESS_INIT;
    return RETRY(read(gate_read, &none, 1)) < 0 ? fail(c, "read", errno, "gate") : 0;
}
