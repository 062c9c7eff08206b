// SPDX-License-Identifier: Apache-2.0

#include "values.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void text_free(struct text *text)
{
    if (text->data)
        JS_FreeCString(text->context, text->data);
    text->data = NULL;
}

int take_text(JSContext *context, JSValueConst value, struct text *out)
{
    *out = (struct text){.context = context};
    if (!JS_IsString(value)) {
        JS_ThrowTypeError(context, "not a string");
        return -1;
    }
    out->data = JS_ToCStringLen(context, &out->length, value);
    return out->data ? 0 : -1;
}

int take_path(JSContext *context, JSValueConst value, struct text *out)
{
    if (take_text(context, value, out) < 0)
        return -1;
    if (runts_is_utf8((const uint8_t *)out->data, out->length))
        return 0;
    throw_failure(context, &(struct runts_failure){.syscall = "encode", .error = EILSEQ});
    return -1;
}

int take_bytes(JSContext *context, JSValueConst value, const uint8_t **data, size_t *length)
{
    *data = JS_GetUint8Array(context, length, value);
    return *data ? 0 : -1;
}

static int take_number(JSContext *context, JSValueConst value, struct runts_words *out)
{
    const double largest = 9007199254740991; // beyond it a number may already have been rounded
    double number;
    if (JS_ToFloat64(context, &number, value) < 0)
        return -1;
    if (!(fabs(number) <= largest) || number != trunc(number)) {
        JS_ThrowRangeError(context, "not a safe integer");
        return -1;
    }
    runts_words_int(out, (uint64_t)(int64_t)number);
    return 0;
}

static int take_word(JSContext *context, JSValueConst value, struct runts_words *out)
{
    if (JS_IsNumber(value))
        return take_number(context, value, out);
    if (JS_IsString(value)) {
        AUTO_TEXT struct text text;
        if (take_path(context, value, &text) < 0)
            return -1;
        runts_words_string(out, text.data, text.length);
        return 0;
    }
    if (JS_IsBigInt(value)) {
        uint64_t number;
        if (JS_ToBigUint64(context, &number, value) < 0)
            return -1;
        runts_words_int(out, number);
        return 0;
    }
    const uint8_t *data;
    size_t length;
    if (take_bytes(context, value, &data, &length) < 0)
        return -1;
    runts_words_bytes(out, data, length);
    return 0;
}

int take_words(JSContext *context, JSValueConst value, struct runts_words *out)
{
    *out = (struct runts_words){0};
    int64_t count;
    if (JS_GetLength(context, value, &count) < 0)
        return -1;
    for (int64_t i = 0; i < count; i++) {
        JSValue word = JS_GetPropertyInt64(context, value, i);
        int result = JS_IsException(word) ? -1 : take_word(context, word, out);
        JS_FreeValue(context, word);
        if (result < 0) {
            runts_free_words(out);
            return -1;
        }
    }
    if (!out->broken)
        return 0;
    runts_free_words(out);
    JS_ThrowOutOfMemory(context);
    return -1;
}

int take_strings(JSContext *context, JSValueConst value, struct runts_strings *out)
{
    *out = (struct runts_strings){0};
    int64_t count;
    if (JS_GetLength(context, value, &count) < 0)
        return -1;
    out->items = calloc((size_t)count + 1, sizeof *out->items);
    for (int64_t i = 0; i < count && out->items; i++) {
        JSValue item = JS_GetPropertyInt64(context, value, i);
        AUTO_TEXT struct text text = {0};
        int result = JS_IsException(item) ? -1 : take_path(context, item, &text);
        JS_FreeValue(context, item);
        char *copy = result < 0 ? NULL : strdup(text.data);
        if (!copy) {
            runts_free_strings(out);
            if (result == 0)
                JS_ThrowOutOfMemory(context);
            return -1;
        }
        out->items[out->count++] = copy;
    }
    if (out->items)
        return 0;
    JS_ThrowOutOfMemory(context);
    return -1;
}

static void free_array_bytes(JSRuntime *runtime, void *opaque, void *data)
{
    (void)runtime;
    (void)opaque;
    free(data);
}

JSValue give_bytes(JSContext *context, struct runts_bytes *bytes)
{
    JSValue array = JS_NewUint8Array(context, bytes->data, bytes->length, free_array_bytes, NULL, false);
    if (JS_IsException(array))
        runts_free_bytes(bytes);
    *bytes = (struct runts_bytes){0};
    return array;
}

JSValue give_strings(JSContext *context, struct runts_strings *strings)
{
    JSValue array = JS_NewArray(context);
    for (size_t i = 0; i < strings->count && !JS_IsException(array); i++) {
        JSValue text = JS_NewString(context, strings->items[i]);
        if (JS_IsException(text) || JS_SetPropertyUint32(context, array, (uint32_t)i, text) < 0) {
            JS_FreeValue(context, array);
            array = JS_EXCEPTION;
        }
    }
    runts_free_strings(strings);
    return array;
}

JSValue throw_failure(JSContext *context, const struct runts_failure *failure)
{
    JSValue error = JS_NewPlainError(context, "%s(\"%s\"): %s", failure->syscall, failure->path,
                                     strerror(failure->error));
    if (JS_IsException(error) ||
        set(context, error, "syscall", JS_NewString(context, failure->syscall)) < 0 ||
        set(context, error, "errno", JS_NewInt32(context, failure->error)) < 0 ||
        set(context, error, "path", JS_NewString(context, failure->path)) < 0)
        return JS_EXCEPTION;
    return JS_Throw(context, error);
}

int set(JSContext *context, JSValueConst object, const char *name, JSValue value)
{
    if (JS_IsException(value))
        return -1;
    return JS_DefinePropertyValueStr(context, object, name, value, JS_PROP_C_W_E) < 0 ? -1 : 0;
}
