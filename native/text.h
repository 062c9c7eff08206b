// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text that grows.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *data; // to be freed; not ended by NUL
    size_t length;
    size_t capacity;
    bool broken; // without memory
};

void put(struct text *text, const char *data, size_t length);
void put_word(struct text *text, const char *word);
void put_char(struct text *text, char c);
// Decimal, with zeros in front up to so many digits. By hand, since printf takes ten times as long.
void put_number(struct text *text, uint64_t value, unsigned digits);
// Inside quotes of JSON, UTF-8. What could steer a terminal or turn the direction of a line is \uNNNN, as
// lib/printable.ts has it.
void put_escaped(struct text *text, const char *string, size_t length);
void put_quoted(struct text *text, const char *string);
