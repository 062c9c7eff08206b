// SPDX-License-Identifier: Apache-2.0
#pragma once

// Children that a plan has left running. The executable ends, and they become somebody else's; a program that
// uses the library stays their parent. A pid namespace goes only when all of its processes have been waited
// for, so that a container could not end while one that joined it has nobody who does.

#include <sys/types.h>

void leave_child(pid_t pid);
// Waits for those that have ended.
void reap_left_children(void);
