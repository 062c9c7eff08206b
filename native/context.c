// SPDX-License-Identifier: Apache-2.0

#include "context.h"

#include <string.h>

#include "cleanup.h"

void context_open(struct context *c)
{
    memset(c, 0, sizeof *c);
    c->failure.process = -1;
    c->sync = c->state = c->cgroup = c->listen = c->console = -1;
    c->notify = c->manager = c->offsets = -1;
    c->rootfs = c->label = c->proc = c->empty = c->null = c->trace_fd = c->init_pidfd = -1;
    for (int i = 0; i < TREE_COUNT; i++)
        c->trees[i] = -1;
    for (int i = 0; i < NAMESPACE_COUNT; i++)
        c->namespaces[i] = -1;
    for (int i = 0; i < IDMAP_COUNT; i++)
        c->idmaps[i] = -1;
    c->exit_status = -1;
}

void context_close(struct context *c)
{
    int *fds[] = {&c->sync,    &c->state,    &c->cgroup,     &c->listen, &c->console,
                  &c->rootfs,  &c->label,    &c->proc,       &c->empty,  &c->null,
                  &c->offsets, &c->trace_fd, &c->init_pidfd, &c->notify, &c->manager};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        close_fd(fds[i]);
    for (int i = 0; i < TREE_COUNT; i++)
        close_fd(&c->trees[i]);
    for (int i = 0; i < NAMESPACE_COUNT; i++)
        close_fd(&c->namespaces[i]);
    for (int i = 0; i < IDMAP_COUNT; i++)
        close_fd(&c->idmaps[i]);
    arena_close(&c->arena);
}

int execute_section(struct context *c)
{
    _Alignas(8) uint8_t args[ARGS_SIZE];
    struct section section;
    enum process self = c->self;
    if (plan_section(&c->plan, self, &section) < 0)
        return fail(c, "plan", EBADMSG, "section %d", (int)self);
    for (size_t i = 0; i < section.steps; i++) {
        const struct op_shape *op;
        c->failure.step = (int)i;
        if (plan_step(&section.cursor, self, &op, args, &c->arena) < 0 || !op->run)
            return fail(c, "plan", EBADMSG, "step %zu", i);
        c->program_status = -1;
        struct traced_step *traced = trace_begin(c->trace, self, (int)i);
        int result = op->run(c, args);
        if (result == 0 && c->self != self) // stage's clone, which goes on as init
            return execute_section(c);
        trace_end(traced, result < 0, c->program_status);
        if (result < 0)
            return -1;
    }
    return 0;
}
