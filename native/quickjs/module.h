// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <quickjs.h>

// The host object (lib/host.ts), but for what differs from run to run.
int make_host(JSContext *context, JSValue *host);

// Adds that: who runs us, where, and the program's arguments.
int complete_host(JSContext *context, JSValue host, int count, char *const *args);
