// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

// Writes a file of the container's folder whole or not at all (written aside, then renamed).
int state_write(struct context *c, const char *name, const void *data, size_t length);
