// SPDX-License-Identifier: Apache-2.0
#pragma once

// The mount calls by descriptor, for C libraries that do not have them (musl, glibc before 2.36).

#include <fcntl.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef OPEN_TREE_CLOEXEC
#define OPEN_TREE_CLOEXEC O_CLOEXEC
#endif

// A detached copy of the mount at `path` (of the one the descriptor is of when the path is ""); with
// `nofollow` of a symlink itself.
static inline int clone_tree(int folder, const char *path, bool recursive, bool nofollow)
{
    unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0U) |
                     (nofollow ? AT_SYMLINK_NOFOLLOW : 0U);
    return (int)syscall(SYS_open_tree, folder, path, flags);
}

// Attaches a detached mount where `target` points.
static inline int attach_mount(int mount, int target)
{
    return (int)syscall(SYS_move_mount, mount, "", target, "",
                        MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static inline int set_mount_attributes(int mount, bool recursive, uint64_t set, uint64_t clear,
                                       uint64_t propagation)
{
    struct mount_attr attr = {.attr_set = set, .attr_clr = clear, .propagation = propagation};
    unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0U);
    return (int)syscall(SYS_mount_setattr, mount, "", flags, &attr, sizeof attr);
}
