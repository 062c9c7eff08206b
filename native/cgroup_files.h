// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

// A name beneath a cgroup, never through a symlink or another mount. -1 with errno.
int cgroup_openat(int folder, const char *path, int flags);
// A descriptor of the mount, checked to be cgroup2. -1 with c->failure filled.
int cgroup_mount(struct context *c, const char *mount);
// A descriptor of the cgroup, resolved beneath its cgroup2 mount. -1 with c->failure filled.
int cgroup_open(struct context *c, const char *mount, const char *path);
// Writes one value to a file of the cgroup.
int cgroup_write(struct context *c, int cgroup, const char *file, const char *value);
// Puts on record that the cgroup is the container's, and what delete is to remove: the length of the path up
// to the first part that create made, 0 when all was there.
int cgroup_mark_own(struct context *c, size_t made);
// Whether a line such as "populated 1" is in a file of the cgroup.
bool cgroup_has_line(int cgroup, const char *file, const char *line);
// The cgroups right below this one, until `each` says true, which 1 tells; their names may be as long as a
// path, and readdir(3) has no room for that. 0 after the last, -1 with errno.
int cgroup_each_below(int folder, bool (*each)(const char *name, void *), void *with);
// Writes to cgroup.freeze and waits until it is so: 1 then, 0 when the time is over, -1 with c->failure
// filled.
int cgroup_freeze(struct context *c, int cgroup, bool frozen, int64_t milliseconds);
// Removes the cgroup and those above it, from the one at which its path is `made` long; those in use stay.
void cgroup_remove_made(int mount, const char *path, size_t made);
