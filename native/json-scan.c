// SPDX-License-Identifier: Apache-2.0

// Finds in a JSON text what JSON.parse(3) of either engine loses: names that occur twice in one
// object, and integers that a double cannot hold. One pass, no recursion, no allocation per value.

#include "runts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_DEPTH = 512,
    INLINE_NAMES = 64,
    // With more names than this in an object, sorting them is quicker than comparing each with each.
    FEW_NAMES = 24,
};
// Long pointers times many finds could otherwise take memory without bound.
static const size_t max_report = (size_t)4 << 20;

// A pointer on its way into a report.
struct text {
    char *data;
    size_t length;
    size_t capacity;
};

// A name as it stands between its quotes.
struct name {
    const uint8_t *start;
    uint32_t length;
    uint32_t hash : 31; // of its code points, so that differently escaped forms of one name agree
    uint32_t escaped : 1;
};

struct frame {
    size_t names; // index of the object's first name
    size_t index; // of the array's current item
    bool object;
};

struct scanner {
    const uint8_t *at;
    const uint8_t *end;
    struct name *names; // of all open objects; the last one of each leads to its current value
    size_t name_count;
    size_t name_capacity;
    size_t depth;
    bool name_next; // the next string is a name
    size_t reported;
    struct runts_strings *duplicates;
    struct runts_strings *integers;
    struct name inline_names[INLINE_NAMES];
    struct frame frames[MAX_DEPTH];
};

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
}

static uint32_t hex_four(const uint8_t *at)
{
    return (uint32_t)(hex_digit(at[0]) << 12 | hex_digit(at[1]) << 8 | hex_digit(at[2]) << 4 |
                      hex_digit(at[3]));
}

static uint32_t next_escape(const uint8_t **at, const uint8_t *end)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    if (*at == end)
        return 0;
    uint8_t c = *(*at)++;
    const char *simple = c ? strchr(from, c) : NULL;
    if (simple)
        return (uint8_t)to[simple - from];
    if (c != 'u' || end - *at < 4)
        return c;
    uint32_t unit = hex_four(*at);
    *at += 4;
    if (unit >= 0xd800 && unit < 0xdc00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u') {
        uint32_t low = hex_four(*at + 2);
        if (low >= 0xdc00 && low < 0xe000) {
            *at += 6;
            return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    return unit;
}

// The next code point of a string; a lone surrogate stands for itself.
static uint32_t next_point(const uint8_t **at, const uint8_t *end)
{
    uint8_t c = *(*at)++;
    if (c == '\\')
        return next_escape(at, end);
    if (c < 0x80)
        return c;
    unsigned more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    uint32_t point = c & (0x3fU >> more);
    while (more-- > 0 && *at < end)
        point = point << 6 | (*(*at)++ & 0x3f);
    return point;
}

static uint32_t hash_name(const struct name *name)
{
    uint32_t hash = 2166136261U;
    for (const uint8_t *at = name->start, *end = at + name->length; at < end;)
        hash = (hash ^ next_point(&at, end)) * 16777619U;
    return hash ^ hash >> 15;
}

static int compare_text(const struct name *a, const struct name *b)
{
    const uint8_t *at = a->start, *end = at + a->length;
    const uint8_t *bt = b->start, *bend = bt + b->length;
    if (!a->escaped && !b->escaped) {
        size_t shorter = a->length < b->length ? a->length : b->length;
        int order = memcmp(at, bt, shorter);
        return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
    }
    // by code points, which is the order of UTF-8's bytes as well
    while (at < end && bt < bend) {
        uint32_t left = next_point(&at, end), right = next_point(&bt, bend);
        if (left != right)
            return left < right ? -1 : 1;
    }
    return (at < end) - (bt < bend);
}

static bool same_name(const struct name *a, const struct name *b)
{
    return a->hash == b->hash && compare_text(a, b) == 0;
}

// Equal names stand together, in the order of the document.
static int order_names(const void *left, const void *right)
{
    const struct name *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    int order = compare_text(a, b);
    return order != 0 ? order : (a->start > b->start) - (a->start < b->start);
}

static int put(struct text *text, const void *data, size_t length)
{
    if (length > max_report - text->length)
        return E2BIG;
    if (length > text->capacity - text->length) {
        size_t capacity = (text->length + length) * 2;
        char *grown = realloc(text->data, capacity);
        if (!grown)
            return ENOMEM;
        text->data = grown;
        text->capacity = capacity;
    }
    memcpy(text->data + text->length, data, length);
    text->length += length;
    return 0;
}

static int put_point(struct text *text, uint32_t point)
{
    if (point == '~' || point == '/')
        return put(text, point == '~' ? "~0" : "~1", 2);
    // A name that no C string and no UTF-8 can carry must not be reported as another one.
    if (point == 0 || (point >= 0xd800 && point < 0xe000))
        return EILSEQ;
    uint8_t last = (uint8_t)(0x80 | (point & 0x3f)), third = (uint8_t)(0x80 | (point >> 6 & 0x3f));
    if (point < 0x80)
        return put(text, (uint8_t[]){(uint8_t)point}, 1);
    if (point < 0x800)
        return put(text, (uint8_t[]){(uint8_t)(0xc0 | point >> 6), last}, 2);
    if (point < 0x10000)
        return put(text, (uint8_t[]){(uint8_t)(0xe0 | point >> 12), third, last}, 3);
    uint8_t second = (uint8_t)(0x80 | (point >> 12 & 0x3f));
    return put(text, (uint8_t[]){(uint8_t)(0xf0 | point >> 18), second, third, last}, 4);
}

static int put_name(struct text *text, const struct name *name)
{
    int error = put(text, "/", 1);
    for (const uint8_t *at = name->start, *end = at + name->length; error == 0 && at < end;)
        error = put_point(text, next_point(&at, end));
    return error;
}

static int put_index(struct text *text, size_t index)
{
    char digits[24];
    char *at = digits + sizeof digits;
    do {
        *--at = (char)('0' + index % 10);
    } while ((index /= 10) > 0);
    *--at = '/';
    return put(text, at, (size_t)(digits + sizeof digits - at));
}

// Of the current value, or of `last` in the innermost object.
static int put_pointer(struct scanner *s, struct text *text, const struct name *last)
{
    int error = 0;
    for (size_t i = 0; error == 0 && i < s->depth; i++) {
        bool innermost = i + 1 == s->depth;
        size_t names = innermost ? s->name_count : s->frames[i + 1].names;
        if (!s->frames[i].object)
            error = put_index(text, s->frames[i].index);
        else if (innermost && last)
            error = put_name(text, last);
        else if (names > 0)
            error = put_name(text, &s->names[names - 1]);
    }
    return error;
}

// Takes the text over, whether it succeeds or not.
static int report(struct scanner *s, struct runts_strings *strings, struct text *text, int error)
{
    s->reported += text->length;
    if (error == 0 && s->reported > max_report)
        error = E2BIG;
    if (error == 0)
        error = put(text, "", 1);
    // room is doubled whenever the count reaches a power of two
    if (error == 0 && (strings->count & (strings->count - 1)) == 0) {
        char **items = reallocarray(strings->items, strings->count ? strings->count * 2 : 1, sizeof *items);
        if (items)
            strings->items = items;
        else
            error = ENOMEM;
    }
    if (error != 0) {
        free(text->data);
        return error;
    }
    strings->items[strings->count++] = text->data;
    return 0;
}

static int report_pointer(struct scanner *s, struct runts_strings *strings, const struct name *last)
{
    struct text text = {0};
    return report(s, strings, &text, put_pointer(s, &text, last));
}

static int find_duplicates(struct scanner *s, struct name *names, size_t count)
{
    int error = 0;
    if (count > FEW_NAMES) {
        qsort(names, count, sizeof *names, order_names);
        for (size_t i = 1; error == 0 && i < count; i++)
            if (same_name(&names[i], &names[i - 1]))
                error = report_pointer(s, s->duplicates, &names[i]);
        return error;
    }
    for (size_t i = 1; error == 0 && i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (same_name(&names[i], &names[j])) {
                error = report_pointer(s, s->duplicates, &names[i]);
                break;
            }
    return error;
}

static int open_value(struct scanner *s, bool object)
{
    if (s->depth == MAX_DEPTH)
        return ELOOP;
    s->frames[s->depth++] = (struct frame){.names = s->name_count, .object = object};
    s->name_next = object;
    return 0;
}

static int close_value(struct scanner *s)
{
    if (s->depth == 0)
        return EILSEQ;
    const struct frame *frame = &s->frames[s->depth - 1];
    int error = 0;
    if (frame->object && s->name_count - frame->names > 1)
        error = find_duplicates(s, s->names + frame->names, s->name_count - frame->names);
    s->name_count = frame->names;
    s->depth--;
    s->name_next = false;
    return error;
}

static int push_name(struct scanner *s, struct name name)
{
    if (s->name_count == s->name_capacity) {
        bool first = s->names == s->inline_names;
        struct name *grown = reallocarray(first ? NULL : s->names, s->name_capacity, 2 * sizeof *grown);
        if (!grown)
            return ENOMEM;
        if (first)
            memcpy(grown, s->inline_names, sizeof s->inline_names);
        s->names = grown;
        s->name_capacity *= 2;
    }
    name.hash = hash_name(&name) & 0x7fffffff;
    s->names[s->name_count++] = name;
    return 0;
}

static int scan_string(struct scanner *s)
{
    const uint8_t *start = ++s->at;
    bool escaped = false;
    while (s->at < s->end && *s->at != '"') {
        bool escape = *s->at == '\\';
        escaped |= escape;
        s->at += escape && s->end - s->at > 1 ? 2 : 1;
    }
    if (s->at >= s->end)
        return EILSEQ;
    size_t length = (size_t)(s->at++ - start);
    if (!s->name_next)
        return 0;
    s->name_next = false;
    if (length > UINT32_MAX)
        return E2BIG;
    return push_name(s, (struct name){.start = start, .length = (uint32_t)length, .escaped = escaped});
}

static int scan_number(struct scanner *s)
{
    static const char largest[] = "9007199254740991";
    const uint8_t *start = s->at;
    const uint8_t *digits = start + (*start == '-');
    const uint8_t *at = digits;
    while (at < s->end && *at >= '0' && *at <= '9')
        at++;
    s->at = at > start ? at : start + 1;
    size_t length = (size_t)(at - digits);
    if (at < s->end && (*at == '.' || *at == 'e' || *at == 'E')) {
        while (s->at < s->end && strchr("+-.eE0123456789", *s->at) && *s->at)
            s->at++;
        return 0;
    }
    if (length < sizeof largest - 1 || (length == sizeof largest - 1 && memcmp(digits, largest, length) <= 0))
        return 0;
    int error = report_pointer(s, s->integers, NULL);
    if (error != 0)
        return error;
    struct text literal = {0};
    return report(s, s->integers, &literal, put(&literal, start, (size_t)(at - start)));
}

static int scan(struct scanner *s)
{
    int error = 0;
    while (error == 0 && s->at < s->end) {
        uint8_t c = *s->at;
        if (c == '"') {
            error = scan_string(s);
            continue;
        }
        if (c == '-' || (c >= '0' && c <= '9')) {
            error = scan_number(s);
            continue;
        }
        s->at++;
        if (c == '{' || c == '[') {
            error = open_value(s, c == '{');
        } else if (c == '}' || c == ']') {
            error = close_value(s);
        } else if (c == ',' && s->depth > 0) {
            s->name_next = s->frames[s->depth - 1].object;
            s->frames[s->depth - 1].index++;
        }
    }
    return error;
}

int runts_scan_json(const uint8_t *data, size_t length, struct runts_strings *duplicates,
                    struct runts_strings *integers, struct runts_failure *failure)
{
    *duplicates = *integers = (struct runts_strings){0};
    struct scanner s; // most of it is used only as deep as the document goes: left uninitialised
    s.at = data;
    s.end = data + length;
    s.names = s.inline_names;
    s.name_count = 0;
    s.name_capacity = INLINE_NAMES;
    s.depth = 0;
    s.name_next = false;
    s.reported = 0;
    s.duplicates = duplicates;
    s.integers = integers;
    int error = scan(&s);
    if (s.names != s.inline_names)
        free(s.names);
    if (error == 0)
        return 0;
    runts_free_strings(duplicates);
    runts_free_strings(integers);
    *failure = (struct runts_failure){.syscall = "scanJson", .error = error};
    return -1;
}
