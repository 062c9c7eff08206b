// SPDX-License-Identifier: Apache-2.0
#pragma once

// The wire form of a plan and its decoding. A plan is a row of words:
//   version, number of processes, then for each process: number of steps, number of words that its
//   steps take, and its steps; a step: number of the op, then its arguments in the order of
//   schemas/plan.json; a list is its length followed by its items.
// A word is a tag and its content:
//   'i' 8 bytes, little endian        's' 4 bytes of length, text, NUL       'b' 4 bytes of length, bytes
// Nothing here allocates: strings and bytes point into the plan.

#include <stddef.h>
#include <stdint.h>

enum { PLAN_VERSION = 1 };

struct bytes {
    const uint8_t *data;
    size_t length;
};

struct strings {
    char *const *items; // ends with NULL, so that execve(2) can take it
    size_t count;
};

struct integers {
    const int64_t *items;
    size_t count;
};

enum arg_kind { ARG_INT, ARG_UINT, ARG_STRING, ARG_STRINGS, ARG_INTS, ARG_BYTES };

struct arg_shape {
    enum arg_kind kind;
    int64_t below; // an int must be in [0, below) unless this is 0
    size_t offset; // of the field in the op's struct
};

struct context;

struct op_shape {
    const char *name;
    unsigned processes; // bit set of those that may run it
    size_t count;
    const struct arg_shape *args;
    int (*run)(struct context *, const void *); // NULL: not in this program
};

struct plan {
    const uint8_t *data;
    size_t length;
};

// Where the next word is read; `end` bounds it.
struct cursor {
    const uint8_t *at;
    const uint8_t *end;
};

// Room for the pointers of lists; reset for each step.
struct arena {
    uint8_t *data;
    size_t used;
    size_t size;
};

// The largest struct of arguments, checked when the tables are compiled.
enum { ARGS_SIZE = 160 };

struct section {
    size_t steps;
    struct cursor cursor;
};

// All return 0, or -1 for a plan that is not well formed.
int plan_section(const struct plan *plan, size_t process, struct section *out);
int plan_step(struct cursor *cursor, unsigned process, const struct op_shape **op, void *args,
              struct arena *arena);
// The next word, where it is of that kind.
int take_int(struct cursor *cursor, int64_t *out);
int take_string(struct cursor *cursor, const char **out);
// Where an op stands in schemas/plan.json.
size_t plan_number(const struct op_shape *op);
// Decodes every step of every process, so that nothing is begun that cannot be read to its end.
int plan_check(const struct plan *plan, size_t processes, struct arena *arena);
// Room enough for any single step of a plan of this length.
int arena_open(struct arena *arena, size_t plan_length);
void arena_close(struct arena *arena);
