// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdbool.h>

// The number of a system call by its name, -1 where the architecture has none. False for a name that is
// unknown.
bool call_number(const char *name, long *number);
