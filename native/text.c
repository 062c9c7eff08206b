// SPDX-License-Identifier: Apache-2.0

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct text *text, size_t length)
{
    if (text->broken)
        return false;
    if (length <= text->capacity - text->length)
        return true;
    size_t capacity = (text->capacity + length) * 2 + 16384;
    char *grown = realloc(text->data, capacity);
    if (!grown) {
        text->broken = true;
        return false;
    }
    text->data = grown;
    text->capacity = capacity;
    return true;
}

void put(struct text *text, const char *data, size_t length)
{
    if (!make_room(text, length))
        return;
    memcpy(text->data + text->length, data, length);
    text->length += length;
}

void put_word(struct text *text, const char *word)
{
    put(text, word, strlen(word));
}

void put_char(struct text *text, char c)
{
    put(text, &c, 1);
}

void put_number(struct text *text, uint64_t value, unsigned digits)
{
    char reversed[24], written[24];
    unsigned length = 0;
    do
        reversed[length++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    while (length < digits && length < sizeof reversed)
        reversed[length++] = '0';
    for (unsigned i = 0; i < length; i++)
        written[i] = reversed[length - 1 - i];
    put(text, written, length);
}

// The character at the start of so many bytes of UTF-8, if it must be written as \uNNNN; its length in bytes.
static unsigned escaped(const unsigned char *at, size_t left, size_t *length)
{
    *length = 1;
    if (*at < 0x20 || *at == '"' || *at == '\\' || *at == 0x7f)
        return *at;
    *length = 2;
    if (*at == 0xc2 && left > 1 && at[1] < 0xa0)
        return at[1];
    *length = 3;
    if (*at != 0xe2 || left < 3 || (at[1] & 0xfe) != 0x80)
        return 0;
    unsigned c = 0x2000U | (at[1] & 1U) << 6 | (at[2] & 0x3fU);
    bool turns = (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    return turns ? c : 0;
}

void put_escaped(struct text *text, const char *string, size_t length)
{
    size_t done = 0;
    for (size_t i = 0; i < length; i++) {
        // almost all of them
        if (string[i] >= ' ' && string[i] != '"' && string[i] != '\\' && string[i] != 0x7f)
            continue;
        size_t size;
        unsigned c = escaped((const unsigned char *)string + i, length - i, &size);
        if (c == 0)
            continue;
        char escape[8];
        int length = snprintf(escape, sizeof escape, "\\u%04x", c & 0xffffU);
        put(text, string + done, i - done);
        put(text, escape, length < 0 ? 0 : (size_t)length);
        i += size - 1;
        done = i + 1;
    }
    put(text, string + done, length - done);
}

void put_quoted(struct text *text, const char *string)
{
    put_char(text, '"');
    put_escaped(text, string, strlen(string));
    put_char(text, '"');
}
