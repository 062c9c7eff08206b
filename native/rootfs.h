// SPDX-License-Identifier: Apache-2.0
#pragma once

// Paths of the container, always resolved inside its root mount and never through magic links: what an
// image or a process of another container put there cannot lead out. Missing things are made on the way.
// All return a descriptor or 0, and -1 with c->failure filled; rootfs_open leaves that to its caller.

#include <stdint.h>
#include <sys/types.h>

#include "context.h"

// -1 with errno. `resolve` adds RESOLVE_* flags.
int rootfs_open(const struct context *c, const char *path, int flags, uint64_t resolve);
// An O_PATH descriptor of a directory, made with its missing parents.
int rootfs_directory(struct context *c, const char *path, mode_t mode);
// The directory that holds the path's last name, made when missing; *name points into `path`.
int rootfs_parent(struct context *c, const char *path, const char **name);
// An O_PATH descriptor to mount on, made when missing: a directory or an empty file. A link is mounted on
// itself, not on what it leads to.
enum mountpoint { DIRECTORY_MOUNTPOINT, FILE_MOUNTPOINT, LINK_MOUNTPOINT };
int rootfs_mountpoint(struct context *c, const char *path, enum mountpoint kind);
// Attaches a detached mount there; only procfs's own files may be covered below /proc.
int rootfs_attach(struct context *c, int mount, const char *path, enum mountpoint kind);
