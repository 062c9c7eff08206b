// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

// Reads one message from c->notify: whether the program says that it is ready.
bool notify_received(const struct context *c);
// Tells the caller's service manager, once, with the process that it is to watch from now on.
void notify_ready(struct context *c, pid_t main);
