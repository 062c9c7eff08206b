// SPDX-License-Identifier: Apache-2.0

#include "criu_wire.h"

#include <stdbool.h>
#include <string.h>

enum { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

struct reader {
    const uint8_t *at;
    const uint8_t *end;
};

static bool read_varint(struct reader *r, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        uint8_t byte = *r->at++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

struct field {
    uint64_t number;
    uint64_t value;       // of a number
    struct reader inside; // of bytes
};

static bool read_field(struct reader *r, struct field *field)
{
    uint64_t key, length = 0;
    if (!read_varint(r, &key))
        return false;
    *field = (struct field){.number = key >> 3};
    switch (key & 7) {
    case VARINT:
        return read_varint(r, &field->value);
    case FIXED64:
        length = 8;
        break;
    case FIXED32:
        length = 4;
        break;
    case BYTES:
        if (!read_varint(r, &length))
            return false;
        break;
    default:
        return false;
    }
    if (length > (uint64_t)(r->end - r->at))
        return false;
    field->inside = (struct reader){.at = r->at, .end = r->at + length};
    r->at += length;
    return true;
}

static void copy_text(const struct reader *from, char *to, size_t size)
{
    size_t length = (size_t)(from->end - from->at);
    length = length < size ? length : size - 1;
    if (length > 0)
        memcpy(to, from->at, length);
    to[length] = 0;
}

// criu_restore_resp has the pid as its first field, criu_notify as its second, after the script.
static bool read_inner(struct reader inside, uint64_t pid, struct criu_reply *reply)
{
    while (inside.at < inside.end) {
        struct field field;
        if (!read_field(&inside, &field))
            return false;
        if (field.number == pid)
            reply->pid = (pid_t)field.value;
        else if (field.number == 1)
            copy_text(&field.inside, reply->script, sizeof reply->script);
    }
    return true;
}

int criu_decode(const uint8_t *data, size_t length, struct criu_reply *reply)
{
    enum { TYPE = 1, SUCCESS = 2, RESTORE = 4, NOTIFY = 5, ERROR = 7, MESSAGE = 9 };
    struct reader reader = {.at = data, .end = data + length};
    memset(reply, 0, sizeof *reply);
    while (reader.at < reader.end) {
        struct field field;
        if (!read_field(&reader, &field))
            return -1;
        if (field.number == TYPE)
            reply->type = field.value;
        else if (field.number == SUCCESS)
            reply->success = field.value != 0;
        else if (field.number == ERROR)
            reply->error = (int)field.value;
        else if (field.number == MESSAGE)
            copy_text(&field.inside, reply->message, sizeof reply->message);
        else if ((field.number == RESTORE && !read_inner(field.inside, 1, reply)) ||
                 (field.number == NOTIFY && !read_inner(field.inside, 2, reply)))
            return -1;
    }
    return 0;
}

size_t criu_answer(uint8_t *out)
{
    // type: NOTIFY, notify_success: true
    const uint8_t text[] = {1 << 3 | VARINT, CRIU_NOTIFY, 3 << 3 | VARINT, 1};
    memcpy(out, text, sizeof text);
    return sizeof text;
}
