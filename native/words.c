// SPDX-License-Identifier: Apache-2.0

// Encodes words into their wire form (plan.h).

#include "runts.h"

#include <stdlib.h>
#include <string.h>

static uint8_t *room_for(struct runts_words *words, size_t size)
{
    if (words->broken)
        return NULL;
    if (size > words->capacity - words->length) {
        size_t capacity = words->capacity ? words->capacity : 4096;
        while (capacity - words->length < size) {
            if (capacity > SIZE_MAX / 2) {
                words->broken = true;
                return NULL;
            }
            capacity *= 2;
        }
        uint8_t *data = realloc(words->data, capacity);
        if (!data) {
            words->broken = true;
            return NULL;
        }
        words->data = data;
        words->capacity = capacity;
    }
    uint8_t *room = words->data + words->length;
    words->length += size;
    return room;
}

static void append_blob(struct runts_words *words, uint8_t tag, const void *data, size_t length, size_t end)
{
    if (length > UINT32_MAX) {
        words->broken = true;
        return;
    }
    uint32_t short_length = (uint32_t)length;
    uint8_t *at = room_for(words, 1 + sizeof short_length + length + end);
    if (!at)
        return;
    *at++ = tag;
    memcpy(at, &short_length, sizeof short_length);
    at += sizeof short_length;
    if (length > 0)
        memcpy(at, data, length);
    memset(at + length, 0, end);
}

void runts_words_int(struct runts_words *words, uint64_t value)
{
    uint8_t *at = room_for(words, 1 + sizeof value);
    if (!at)
        return;
    *at++ = 'i';
    memcpy(at, &value, sizeof value); // both ends run on this machine, so its byte order is the plan's
}

void runts_words_string(struct runts_words *words, const char *text, size_t length)
{
    append_blob(words, 's', text, length, 1);
}

void runts_words_bytes(struct runts_words *words, const uint8_t *data, size_t length)
{
    append_blob(words, 'b', data, length, 0);
}

void runts_free_words(struct runts_words *words)
{
    free(words->data);
    *words = (struct runts_words){0};
}
