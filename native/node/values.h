// SPDX-License-Identifier: Apache-2.0
#pragma once

// Values on their way between Node.js and the C library. They throw what lib/host.ts promises.

#include <string>

#include <napi.h>

#include "runts.h"

[[noreturn]] void ThrowFailure(Napi::Env env, const runts_failure &failure);

// A string as UTF-8.
std::string TakeText(const Napi::Value &value);
// The same for a string that the kernel is to read: without NUL and lone surrogates.
std::string TakePath(const Napi::Value &value);
Napi::Uint8Array TakeBytes(const Napi::Value &value);

// What the C library hands out, freed when the scope is left.
template <typename T, void (*release)(T *)> struct Owned : T {
    Owned() : T{}
    {
    }
    ~Owned()
    {
        release(this);
    }
    Owned(const Owned &) = delete;
    Owned &operator=(const Owned &) = delete;
};
using Bytes = Owned<runts_bytes, runts_free_bytes>;
using Strings = Owned<runts_strings, runts_free_strings>;
using Words = Owned<runts_words, runts_free_words>;
using Outcome = Owned<runts_outcome, runts_free_outcome>;

// An array of strings for the kernel.
void TakeStrings(const Napi::Value &value, Strings &out);
// A flat array of Word (lib/host.ts).
void TakeWords(const Napi::Value &value, Words &out);

Napi::Value GiveBytes(Napi::Env env, const runts_bytes &bytes);
Napi::Value GiveStrings(Napi::Env env, const runts_strings &strings);
