// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe.h"

// One line with one write(2), so that the lines of several processes do not mix.
void line_answer(const char *ask, const struct json *answer);
void line_failure(const char *ask);
// From now on lines are appended to the file, with the name.
enum outcome line_to(const char *path, const char *by);
// Whether a line could not be written.
bool line_lost(void);
// In a child that is left behind: nobody waits for its end of the output.
void line_leave(void);
