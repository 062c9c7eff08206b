// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

// Copies what lies at `path` in the rootfs into the root of a mount that is not attached yet.
int copy_up(struct context *c, const char *path, int mount);
