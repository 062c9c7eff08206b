// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text that grows.

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *data; // to be freed; not ended by NUL
    size_t length;
    size_t capacity;
    bool broken; // without memory
};

void put(struct text *text, const char *data, size_t length);
void put_word(struct text *text, const char *word);
void put_char(struct text *text, char c);
void put_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Inside quotes of JSON, UTF-8. What could steer a terminal or turn the direction of a line is \uNNNN, as
// lib/printable.ts has it.
void put_escaped(struct text *text, const char *string, size_t length);
void put_quoted(struct text *text, const char *string);
