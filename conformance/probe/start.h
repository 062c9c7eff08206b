// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the probe found itself before it did anything.

#include <stdbool.h>

#define START_DESCRIPTORS 65536
#define SIGNALS 64

void start_note(char **argv);

char **start_arguments(void);
// Descriptors are only looked for when the command line asks for them.
bool start_open(int fd);
// -1 with errno when the mask could not be read.
int start_blocked(unsigned long long *mask);
