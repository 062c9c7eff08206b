// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

#include "json.h"

// Writes everything to standard output; -1 with errno.
int write_out(const char *bytes, size_t length);
// Ends the line, writes it at once, and frees it; -1 with errno.
int write_line(struct json *line);
