// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the runtime leaves for runts-init in a memfd: this header, then the plan. The descriptors are
// inherited under the numbers given; -1 where there is none.

#include <stdint.h>

#include "context.h"

enum { BOOT_MAGIC = 0x72756e74 };

struct boot {
    uint32_t magic;
    int self; // enum process
    int sync;
    int listen;
    int trace;
    int trees[TREE_COUNT];
    int namespaces[NAMESPACE_COUNT];
    uint64_t plan_length;
};
