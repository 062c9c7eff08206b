// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

// A descriptor of the cgroup, resolved beneath its cgroup2 mount. -1 with c->failure filled.
int cgroup_open(struct context *c, const char *mount, const char *path);
// Writes one value to a file of the cgroup.
int cgroup_write(struct context *c, int cgroup, const char *file, const char *value);
// Puts on record that the cgroup is the container's, and what delete is to remove: the length of the path up
// to the first part that create made, 0 when all was there.
int cgroup_mark_own(struct context *c, size_t made);
