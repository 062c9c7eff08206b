// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <quickjs.h>

// The host object (lib/host.ts): the global __runtsHost. `args` are the program's arguments.
int install_host(JSContext *context, int count, char *const *args);
