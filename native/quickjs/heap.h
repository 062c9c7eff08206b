// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <quickjs.h>

// Memory for one short run: quick to take, and given back to the system by exiting.
extern const JSMallocFunctions heap_functions;
