// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

// The program that checkpoints and restores, while a plan has it.
struct criu {
    pid_t pid;
    int socket;
    bool open; // a notification waits for its answer
};

// After a plan, and before its children are ended: criu hears that nobody is there any more, undoes what it
// has begun, and is waited for. Killed half-way it would leave frozen or half-made processes behind.
void end_criu(struct context *c);
