// SPDX-License-Identifier: Apache-2.0

// Id maps of an ordinary user go through the set-uid helpers, which check /etc/subuid and /etc/subgid.

#include <errno.h>
#include <stdio.h>

#include "program.h"

enum { MAP_WORDS = 1024 };

int op_run_id_map_helper(struct context *c, const struct args_run_id_map_helper *a)
{
    char pid[16];
    char *argv[MAP_WORDS + 3] = {(char *)(uintptr_t)a->program, pid};
    if (a->map.count > MAP_WORDS)
        return fail(c, "execve", E2BIG, "%zu numbers in the id map", a->map.count);
    (void)snprintf(pid, sizeof pid, "%d", a->of == PROCESS_STAGE ? c->stage : c->init);
    for (size_t i = 0; i < a->map.count; i++)
        argv[i + 2] = a->map.items[i];
    char *const envp[] = {NULL};
    struct program program = {.path = a->program, .argv = argv, .envp = envp, .input = "", .seconds = 10};
    return run_program(c, &program);
}
