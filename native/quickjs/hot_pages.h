// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which pages of the snapshot a command writes to.
//
// A page of the file is copied when it is first written to, and taking that fault costs three times as much
// as the copying. There are a hundred of them in every command, most of what is left of its start, and
// seventy more in those that make a plan. So the build lets the program run one command of either kind and
// keeps which pages that took; each run then has the kernel copy them at once (MADV_POPULATE_WRITE,
// Linux 5.14; before it they are copied one by one).

#include <stdbool.h>

// False in a program that is to find out more.
bool hot_pages_known(void);
void hot_pages_copy(int argc, char **argv);
// Writes what this process has written to, as the section of the next program; 0 or -1.
int hot_pages_learn(const char *path);
