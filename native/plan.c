// SPDX-License-Identifier: Apache-2.0

#include "plan.h"

#include <string.h>
#include <sys/mman.h>

#ifdef RUNTS_INIT
#include "ops_init.h"
#else
#include "ops_runtime.h"
#endif

static size_t left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

static int take_tag(struct cursor *cursor, uint8_t tag)
{
    if (left(cursor) < 1 || *cursor->at != tag)
        return -1;
    cursor->at++;
    return 0;
}

int take_int(struct cursor *cursor, int64_t *out)
{
    if (take_tag(cursor, 'i') < 0 || left(cursor) < sizeof *out)
        return -1;
    memcpy(out, cursor->at, sizeof *out); // words are not aligned
    cursor->at += sizeof *out;
    return 0;
}

static int take_blob(struct cursor *cursor, uint8_t tag, struct bytes *out)
{
    uint32_t length;
    if (take_tag(cursor, tag) < 0 || left(cursor) < sizeof length)
        return -1;
    memcpy(&length, cursor->at, sizeof length);
    cursor->at += sizeof length;
    size_t whole = (size_t)length + (tag == 's' ? 1 : 0);
    if (left(cursor) < whole)
        return -1;
    *out = (struct bytes){.data = cursor->at, .length = length};
    cursor->at += whole;
    return 0;
}

int take_string(struct cursor *cursor, const char **out)
{
    struct bytes text;
    if (take_blob(cursor, 's', &text) < 0 || memchr(text.data, 0, text.length + 1) != text.data + text.length)
        return -1;
    *out = (const char *)text.data;
    return 0;
}

static void *arena_take(struct arena *arena, size_t size)
{
    if (arena->size - arena->used < size)
        return NULL;
    void *room = arena->data + arena->used;
    arena->used += (size + 7) & ~(size_t)7;
    return room;
}

// Each item takes at least five bytes of the plan, which bounds the length of a list before it is believed.
static int take_count(struct cursor *cursor, size_t *out)
{
    int64_t count;
    if (take_int(cursor, &count) < 0 || count < 0 || (uint64_t)count > left(cursor) / 5)
        return -1;
    *out = (size_t)count;
    return 0;
}

static int take_strings(struct cursor *cursor, struct arena *arena, struct strings *out)
{
    size_t count;
    if (take_count(cursor, &count) < 0)
        return -1;
    const char **items = arena_take(arena, (count + 1) * sizeof *items);
    if (!items)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (take_string(cursor, &items[i]) < 0)
            return -1;
    items[count] = NULL;
    // execve(2) promises not to write through these; only its type says otherwise
    *out = (struct strings){.items = (char *const *)items, .count = count};
    return 0;
}

static int take_ints(struct cursor *cursor, struct arena *arena, struct integers *out)
{
    size_t count;
    if (take_count(cursor, &count) < 0)
        return -1;
    int64_t *items = arena_take(arena, (count + 1) * sizeof *items);
    if (!items)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (take_int(cursor, &items[i]) < 0)
            return -1;
    *out = (struct integers){.items = items, .count = count};
    return 0;
}

static int take_arg(struct cursor *cursor, const struct arg_shape *shape, uint8_t *args, struct arena *arena)
{
    void *field = args + shape->offset;
    int64_t *number = field;
    switch (shape->kind) {
    case ARG_INT:
        if (take_int(cursor, number) < 0)
            return -1;
        return shape->below && (*number < 0 || *number >= shape->below) ? -1 : 0;
    case ARG_UINT:
        return take_int(cursor, number);
    case ARG_STRING:
        return take_string(cursor, field);
    case ARG_STRINGS:
        return take_strings(cursor, arena, field);
    case ARG_INTS:
        return take_ints(cursor, arena, field);
    case ARG_BYTES:
        return take_blob(cursor, 'b', field);
    }
    return -1;
}

int plan_step(struct cursor *cursor, unsigned process, const struct op_shape **op, void *args,
              struct arena *arena)
{
    int64_t number;
    if (take_int(cursor, &number) < 0 || number < 0 || number >= OP_COUNT)
        return -1;
    *op = &op_table[number];
    if (!((*op)->processes & (1U << process)))
        return -1;
    arena->used = 0;
    for (size_t i = 0; i < (*op)->count; i++)
        if (take_arg(cursor, &(*op)->args[i], args, arena) < 0)
            return -1;
    return 0;
}

size_t plan_number(const struct op_shape *op)
{
    return (size_t)(op - op_table);
}

int plan_section(const struct plan *plan, size_t process, struct section *out)
{
    struct cursor cursor = {.at = plan->data, .end = plan->data + plan->length};
    int64_t version, count;
    if (take_int(&cursor, &version) < 0 || version != PLAN_VERSION)
        return -1;
    if (take_int(&cursor, &count) < 0 || count != PROCESS_COUNT)
        return -1;
    for (size_t i = 0;; i++) {
        int64_t steps, words;
        if (take_int(&cursor, &steps) < 0 || take_int(&cursor, &words) < 0 || steps < 0 || words < 0)
            return -1;
        const uint8_t *start = cursor.at;
        for (int64_t word = 0; word < words; word++) {
            struct bytes skipped;
            int64_t number;
            if (left(&cursor) < 1)
                return -1;
            uint8_t tag = *cursor.at;
            if (tag == 'i' ? take_int(&cursor, &number)
                           : take_blob(&cursor, tag == 's' ? 's' : 'b', &skipped))
                return -1;
        }
        if (i == process) {
            *out = (struct section){.steps = (size_t)steps, .cursor = {.at = start, .end = cursor.at}};
            return 0;
        }
    }
}

int plan_check(const struct plan *plan, size_t processes, struct arena *arena)
{
    _Alignas(8) uint8_t args[ARGS_SIZE];
    for (size_t process = 0; process < processes; process++) {
        struct section section;
        if (plan_section(plan, process, &section) < 0)
            return -1;
        for (size_t i = 0; i < section.steps; i++) {
            const struct op_shape *op;
            if (plan_step(&section.cursor, (unsigned)process, &op, args, arena) < 0)
                return -1;
        }
        if (section.cursor.at != section.cursor.end)
            return -1;
    }
    return 0;
}

int arena_open(struct arena *arena, size_t plan_length)
{
    // a list item is at least five bytes on the wire and eight in memory; the rest is for the NULLs
    size_t size = plan_length * 2 + 4096;
    void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED)
        return -1;
    *arena = (struct arena){.data = data, .used = 0, .size = size};
    return 0;
}

void arena_close(struct arena *arena)
{
    if (arena->data)
        (void)munmap(arena->data, arena->size);
    *arena = (struct arena){0};
}
