// SPDX-License-Identifier: Apache-2.0

// The engine's memory. The engine keeps its small blocks in arenas of its own; what it asks for here are
// those arenas and larger blocks, a few hundred in a run. musl's malloc would make a system call for every
// few of them, a quarter of the time that an empty program takes. So memory comes from the kernel in large
// chunks and is handed out from one end; a freed block waits in a list of its size for the next such.

#include "heap.h"

#include "populate.h"
#include "snapshot.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    GRAIN = 16,
    SMALLEST_POWER = 9, // smaller requests are few
    LARGEST_POWER = 17, // above it blocks are malloc's
    STEPS = 4,          // sizes between two powers of two
    LISTS = (LARGEST_POWER - SMALLEST_POWER) * STEPS,
    CHUNK = 1 << 20,
    FIRST = 1 << 15,
};

// Before each block; a multiple of the grain, so that blocks stay aligned.
struct header {
    _Alignas(GRAIN) size_t size; // of the block without this
    size_t list;                 // LISTS when it is malloc's
};

struct free_block {
    struct free_block *next;
};

static struct {
    uint8_t *at;
    uint8_t *end;
    bool fixed; // nothing but the chunk given to heap_use: for a snapshot, which holds no other memory
    struct free_block *lists[LISTS];
} heap IN_SNAPSHOT;

void heap_use(uint8_t *chunk, size_t size)
{
    heap.at = chunk;
    heap.end = chunk + size;
    heap.fixed = true;
}

void heap_seal(void)
{
    // writing to a page of the file costs more than having a new one, so what is left is not used
    heap.at = heap.end = NULL;
    heap.fixed = false;
}

// The list whose blocks are at least of that size, which is rounded up to theirs.
static size_t list_of(size_t *size)
{
    const size_t smallest = (size_t)1 << SMALLEST_POWER;
    if (*size > (size_t)1 << LARGEST_POWER)
        return LISTS;
    if (*size <= smallest)
        *size = smallest + 1;
    unsigned power = (unsigned)(sizeof(long) * CHAR_BIT - 1) - (unsigned)__builtin_clzl(*size - 1);
    size_t base = (size_t)1 << power, step = base / STEPS;
    size_t steps = (*size - 1 - base) / step;
    *size = base + (steps + 1) * step;
    return (power - SMALLEST_POWER) * STEPS + steps;
}

static void *take_large(size_t size)
{
    if (heap.fixed || size > SIZE_MAX - sizeof(struct header))
        return NULL;
    struct header *block = malloc(sizeof *block + size);
    if (!block)
        return NULL;
    *block = (struct header){.size = size, .list = LISTS};
    return block + 1;
}

// What is left of the last chunk is given up; pages never touched are no memory.
static int next_chunk(void)
{
    _Static_assert(CHUNK > sizeof(struct header) + ((size_t)1 << LARGEST_POWER), "a chunk holds any block");
    if (heap.fixed)
        return -1;
    void *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (chunk == MAP_FAILED)
        return -1;
    // the pages that any command takes, at once: see hot_pages.h
    (void)madvise(chunk, FIRST, MADV_POPULATE_WRITE);
    heap.at = chunk;
    heap.end = heap.at + CHUNK;
    return 0;
}

static void *take(size_t size)
{
    size_t list = list_of(&size);
    if (list == LISTS)
        return take_large(size);
    struct free_block *freed = heap.lists[list];
    if (freed) {
        heap.lists[list] = freed->next;
        return freed;
    }
    size_t whole = sizeof(struct header) + size;
    if ((size_t)(heap.end - heap.at) < whole && next_chunk() < 0)
        return NULL;
    struct header *block = (struct header *)(void *)heap.at;
    heap.at += whole;
    *block = (struct header){.size = size, .list = list};
    return block + 1;
}

static struct header *header_of(const void *block)
{
    return (struct header *)(uintptr_t)block - 1;
}

static void *heap_malloc(void *opaque, size_t size)
{
    (void)opaque;
    return take(size);
}

static void *heap_calloc(void *opaque, size_t count, size_t size)
{
    (void)opaque;
    size_t whole;
    void *block = __builtin_mul_overflow(count, size, &whole) ? NULL : take(whole);
    return block ? memset(block, 0, whole) : NULL;
}

static void heap_free(void *opaque, void *block)
{
    (void)opaque;
    if (!block)
        return;
    struct header *header = header_of(block);
    if (header->list == LISTS) {
        free(header);
        return;
    }
    struct free_block *freed = block;
    freed->next = heap.lists[header->list];
    heap.lists[header->list] = freed;
}

static void *heap_realloc(void *opaque, void *block, size_t size)
{
    if (!block)
        return take(size);
    size_t had = header_of(block)->size;
    if (size <= had && size >= had / 2)
        return block;
    void *moved = take(size);
    if (!moved)
        return NULL;
    memcpy(moved, block, had < size ? had : size);
    heap_free(opaque, block);
    return moved;
}

static size_t heap_usable_size(const void *block)
{
    return block ? header_of(block)->size : 0;
}

const JSMallocFunctions heap_functions = {
    .js_calloc = heap_calloc,
    .js_malloc = heap_malloc,
    .js_free = heap_free,
    .js_realloc = heap_realloc,
    .js_malloc_usable_size = heap_usable_size,
};
