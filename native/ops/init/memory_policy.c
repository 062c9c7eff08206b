// SPDX-License-Identifier: Apache-2.0

// From which memory nodes the program's pages come: execve keeps it, children inherit it.

#include <inttypes.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "context.h"

enum { NODE_COUNT = 1024, WORD_BITS = 8 * sizeof(unsigned long) }; // the most that a kernel can be built for

int op_set_memory_policy(struct context *c, const struct args_set_memory_policy *a)
{
    unsigned long nodes[NODE_COUNT / WORD_BITS] = {0};
    for (size_t i = 0; i < a->nodes.count; i++) {
        int64_t node = a->nodes.items[i];
        if (node < 0 || node >= NODE_COUNT)
            return fail(c, "set_mempolicy", EINVAL, "node %" PRId64, node);
        nodes[(size_t)node / WORD_BITS] |= 1UL << ((size_t)node % WORD_BITS);
    }
    // the kernel looks at one bit less than it is told of
    unsigned long bits = a->nodes.count > 0 ? NODE_COUNT + 1 : 0;
    if (syscall(SYS_set_mempolicy, (int)a->mode, bits ? nodes : NULL, bits) < 0)
        return fail(c, "set_mempolicy", errno, "mode 0x%" PRIx64 ", nodes: %zu", (uint64_t)a->mode,
                    a->nodes.count);
    return 0;
}
