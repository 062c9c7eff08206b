// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "json.h"

// The signal mask as the probe found it, for programs that it starts.
void child_signals(void);
// Waits for it; false with errno when that fails.
bool child_wait(pid_t child, int *status);
// "exit" and "signal", one of them null.
void child_write(struct json *answer, int status);
