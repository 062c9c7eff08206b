// SPDX-License-Identifier: Apache-2.0

#include "json.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(struct json *json, const char *bytes, size_t length)
{
    if (json->broken)
        return;
    if (length > json->size - json->length) {
        size_t size = 2 * (json->size + length) + 256;
        char *text = realloc(json->text, size);
        if (!text) {
            json->broken = true;
            return;
        }
        json->text = text;
        json->size = size;
    }
    memcpy(json->text + json->length, bytes, length);
    json->length += length;
}

static void separate(struct json *json)
{
    if (json->follows)
        append(json, ",", 1);
    json->follows = true;
}

void json_free(struct json *json)
{
    free(json->text);
    *json = (struct json){0};
}

void json_open(struct json *json, char bracket)
{
    separate(json);
    append(json, &bracket, 1);
    json->follows = false;
}

void json_close(struct json *json, char bracket)
{
    append(json, &bracket, 1);
    json->follows = true;
}

// How many bytes the UTF-8 sequence at the beginning has; 0 if there is none that is valid.
static size_t sequence(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char first, last, low, high; // of the first byte; of the second
        size_t length;
    } forms[] = {
        {0x20, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (at[0] < forms[i].first || at[0] > forms[i].last)
            continue;
        size_t length = forms[i].length;
        if (length > left || (length > 1 && (at[1] < forms[i].low || at[1] > forms[i].high)))
            return 0;
        for (size_t k = 2; k < length; k++)
            if ((at[k] & 0xc0) != 0x80)
                return 0;
        return length;
    }
    return 0;
}

static void escape(struct json *json, unsigned byte)
{
    char text[8];
    int length = snprintf(text, sizeof text, "\\u%04x", byte);
    append(json, text, (size_t)length);
}

void json_bytes(struct json *json, const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    separate(json);
    append(json, "\"", 1);
    for (size_t i = 0, step; i < length; i += step) {
        step = 1;
        if (at[i] == '"' || at[i] == '\\') {
            append(json, "\\", 1);
            append(json, bytes + i, 1);
        } else if (at[i] == '\n') {
            append(json, "\\n", 2);
        } else if (at[i] < 0x20) {
            escape(json, at[i]);
        } else if ((step = sequence(at + i, length - i)) > 0) {
            append(json, bytes + i, step);
        } else {
            step = 1;
            escape(json, 0xfffd);
        }
    }
    append(json, "\"", 1);
}

void json_text(struct json *json, const char *text)
{
    json_bytes(json, text, strlen(text));
}

struct json *json_key(struct json *json, const char *key)
{
    json_text(json, key);
    append(json, ":", 1);
    json->follows = false;
    return json;
}

void json_number(struct json *json, long long number)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%lld", number);
    separate(json);
    append(json, text, (size_t)length);
}

void json_decimal(struct json *json, unsigned long long number)
{
    char text[32];
    int length = snprintf(text, sizeof text, "\"%llu\"", number);
    separate(json);
    append(json, text, (size_t)length);
}

void json_flag(struct json *json, bool flag)
{
    separate(json);
    append(json, flag ? "true" : "false", flag ? 4 : 5);
}

void json_null(struct json *json)
{
    separate(json);
    append(json, "null", 4);
}

void json_splice(struct json *json, const struct json *value)
{
    separate(json);
    append(json, value->text, value->length);
    json->broken |= value->broken;
}

void json_line_end(struct json *json)
{
    append(json, "\n", 1);
}
