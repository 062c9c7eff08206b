// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <quickjs.h>
#include <stdint.h>

// Memory for one short run: quick to take, and given back to the system by exiting.
extern const JSMallocFunctions heap_functions;

// For a snapshot: from here on all memory comes from this chunk, or there is none.
void heap_use(uint8_t *chunk, size_t size);
// The chunk is done with; what follows comes from the kernel again.
void heap_seal(void);
