// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>

// Linux 5.14, madvise(2); musl's header does not have it yet.
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
