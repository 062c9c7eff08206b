// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

// Gives the host back what moveNetDevice took from it, as it was: after a create that failed, while init
// still holds the container's network namespace. Then forgets it.
void return_net_devices(struct context *c);
void forget_net_devices(struct context *c);
