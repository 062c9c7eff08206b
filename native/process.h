// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>

// A pidfd of the process with this pid and start time, or -1: with ESRCH when it is gone.
int open_process(int64_t pid, uint64_t started);
