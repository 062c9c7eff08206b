// SPDX-License-Identifier: Apache-2.0
#pragma once

// Values on their way between JavaScript and the C library. What gives a JSValue gives JS_EXCEPTION
// when it fails; what gives an int gives -1 then. An exception is pending in both cases.

#include <quickjs.h>

#include "runts.h"

struct text {
    JSContext *context;
    const char *data;
    size_t length;
};
void text_free(struct text *text);
#define AUTO_TEXT __attribute__((cleanup(text_free)))

// A string as UTF-8.
int take_text(JSContext *context, JSValueConst value, struct text *out);
// The same for a string that the kernel is to read: without NUL and lone surrogates.
int take_path(JSContext *context, JSValueConst value, struct text *out);
// The bytes of a Uint8Array, good as long as that is.
int take_bytes(JSContext *context, JSValueConst value, const uint8_t **data, size_t *length);
// An array of strings for the kernel, which are the caller's.
int take_strings(JSContext *context, JSValueConst value, struct runts_strings *out);
// A flat array of Word (lib/host.ts).
int take_words(JSContext *context, JSValueConst value, struct runts_words *out);

// Both take over what they are given.
JSValue give_bytes(JSContext *context, struct runts_bytes *bytes);
JSValue give_strings(JSContext *context, struct runts_strings *strings);

JSValue throw_failure(JSContext *context, const struct runts_failure *failure);

// Sets a property of an object under construction; -1 also when the value is an exception.
int set(JSContext *context, JSValueConst object, const char *name, JSValue value);
