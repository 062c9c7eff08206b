// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

// bind(2) or connect(2) by folder and name, since a socket's whole path may not be longer than 107 bytes.
int bind_beneath(struct context *c, int socket, int folder, const char *name);
int connect_beneath(struct context *c, int socket, int folder, const char *name);
