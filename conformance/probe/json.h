// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes JSON into memory that grows; commas come by themselves.

#include <stdbool.h>
#include <stddef.h>

struct json {
    char *text;
    size_t length, size;
    bool follows; // a comma goes before what comes next
    bool broken;  // there was no memory
};

void json_free(struct json *json);

// bracket is one of { [ } ]
void json_open(struct json *json, char bracket);
void json_close(struct json *json, char bracket);
// Returns json, for the value: json_number(json_key(json, "pid"), pid).
struct json *json_key(struct json *json, const char *key);
void json_text(struct json *json, const char *text);
void json_bytes(struct json *json, const char *bytes, size_t length);
void json_number(struct json *json, long long number);
// 64 bits do not fit into a number of JavaScript's: they go as text.
void json_decimal(struct json *json, unsigned long long number);
void json_flag(struct json *json, bool flag);
void json_null(struct json *json);
// A value that is JSON already.
void json_splice(struct json *json, const struct json *value);
void json_line_end(struct json *json);
