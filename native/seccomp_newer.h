// SPDX-License-Identifier: Apache-2.0
#pragma once

// System calls that are newer than a profile get ENOSYS, so that programs fall back to what they did before;
// any other error they would take for an answer. As runc does since 1.0.0-rc93: whatever has a higher number
// than each call that the profile names is newer than it.

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

enum { NEWER_ARCHITECTURES = 32, NEWER_INSTRUCTIONS = 8 * NEWER_ARCHITECTURES };

struct newest {
    size_t count;
    struct {
        uint32_t architecture; // SCMP_ARCH_*
        int number;            // -1 while no call of it is named
    } of[NEWER_ARCHITECTURES];
};

void newest_add_architecture(struct newest *newest, uint32_t architecture);
// Takes notice of a call that the profile names.
void newest_note(struct newest *newest, const char *name);
// The instructions to go before the filter's own, which follow when they give no answer; returns their
// number.
size_t newest_instructions(const struct newest *newest, struct sock_filter out[NEWER_INSTRUCTIONS]);
