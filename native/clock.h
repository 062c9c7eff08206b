// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>
#include <time.h>

// Of a clock that nobody sets: for limits of time.
static inline int64_t monotonic_milliseconds(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time); // cannot fail for this clock
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}
