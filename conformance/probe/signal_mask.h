// SPDX-License-Identifier: Apache-2.0
#pragma once

// Signal masks as the kernel has them: musl hides the three real-time signals that it uses for itself.

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KERNEL_MASK_SIZE 8 // bytes

// How the kernel keeps 64 bits: in words of its own size, the lower first.
union mask {
    unsigned long words[KERNEL_MASK_SIZE / sizeof(unsigned long)];
    unsigned char bytes[KERNEL_MASK_SIZE];
};

static inline union mask mask_of(unsigned long long bits)
{
    union mask mask = {0};
    for (int i = 0; i < 64; i++)
        if (bits >> i & 1)
            mask.words[(size_t)i / (8 * sizeof(long))] |= 1UL << (size_t)i % (8 * sizeof(long));
    return mask;
}

static inline unsigned long long mask_bit(int signal)
{
    return 1ULL << (signal - 1);
}

static inline int mask_get(unsigned long long *bits)
{
    union mask mask = {0};
    if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &mask, KERNEL_MASK_SIZE) < 0)
        return -1;
    *bits = 0;
    for (int i = 0; i < 64; i++)
        if (mask.words[(size_t)i / (8 * sizeof(long))] >> (size_t)i % (8 * sizeof(long)) & 1)
            *bits |= 1ULL << i;
    return 0;
}

// `how` is SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK.
static inline int mask_change(int how, unsigned long long bits)
{
    union mask mask = mask_of(bits);
    return (int)syscall(SYS_rt_sigprocmask, how, &mask, NULL, KERNEL_MASK_SIZE);
}

// The number of the next signal out of these, which must be blocked; -1 with errno.
static inline int mask_wait(unsigned long long bits)
{
    union mask mask = mask_of(bits);
    return (int)syscall(SYS_rt_sigtimedwait, &mask, NULL, NULL, KERNEL_MASK_SIZE);
}
