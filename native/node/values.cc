// SPDX-License-Identifier: Apache-2.0

#include "values.h"

#include <cerrno>
#include <cmath>
#include <cstring>

void ThrowFailure(Napi::Env env, const runts_failure &failure)
{
    std::string message =
        std::string(failure.syscall) + "(\"" + failure.path + "\"): " + strerror(failure.error);
    Napi::Error error = Napi::Error::New(env, message);
    error.Set("syscall", Napi::String::New(env, failure.syscall));
    error.Set("errno", Napi::Number::New(env, failure.error));
    error.Set("path", Napi::String::New(env, failure.path));
    throw error;
}

std::string TakeText(const Napi::Value &value)
{
    if (!value.IsString())
        throw Napi::TypeError::New(value.Env(), "not a string");
    return value.As<Napi::String>().Utf8Value();
}

static bool HasLoneSurrogate(const std::u16string &text)
{
    for (size_t i = 0; i < text.size(); i++) {
        if (text[i] < 0xd800 || text[i] > 0xdfff)
            continue;
        if (text[i] > 0xdbff || i + 1 == text.size() || text[i + 1] < 0xdc00 || text[i + 1] > 0xdfff)
            return true;
        i++;
    }
    return false;
}

std::string TakePath(const Napi::Value &value)
{
    std::string text = TakeText(value);
    // V8 writes U+FFFD for a lone surrogate, so only where that occurs is a second look needed
    bool broken =
        text.find('\0') != std::string::npos || (text.find("\xef\xbf\xbd") != std::string::npos &&
                                                 HasLoneSurrogate(value.As<Napi::String>().Utf16Value()));
    if (broken)
        ThrowFailure(value.Env(), runts_failure{"encode", EILSEQ, ""});
    return text;
}

Napi::Uint8Array TakeBytes(const Napi::Value &value)
{
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
        throw Napi::TypeError::New(value.Env(), "not a Uint8Array");
    return value.As<Napi::Uint8Array>();
}

static void TakeNumber(const Napi::Value &value, Words &out)
{
    constexpr double largest = 9007199254740991; // beyond it a number may already have been rounded
    double number = value.As<Napi::Number>().DoubleValue();
    if (!(std::fabs(number) <= largest) || number != std::trunc(number))
        throw Napi::RangeError::New(value.Env(), "not a safe integer");
    runts_words_int(&out, static_cast<uint64_t>(static_cast<int64_t>(number)));
}

static void TakeWord(const Napi::Value &value, Words &out)
{
    if (value.IsNumber()) {
        TakeNumber(value, out);
    } else if (value.IsString()) {
        std::string text = TakePath(value);
        runts_words_string(&out, text.data(), text.size());
    } else if (value.IsBigInt()) {
        bool lossless; // more than 64 bits: the low ones count
        runts_words_int(&out, static_cast<uint64_t>(value.As<Napi::BigInt>().Int64Value(&lossless)));
    } else {
        Napi::Uint8Array bytes = TakeBytes(value);
        runts_words_bytes(&out, bytes.Data(), bytes.ByteLength());
    }
}

void TakeWords(const Napi::Value &value, Words &out)
{
    if (!value.IsArray())
        throw Napi::TypeError::New(value.Env(), "not an array");
    Napi::Array array = value.As<Napi::Array>();
    for (uint32_t i = 0; i < array.Length(); i++) {
        Napi::HandleScope scope(value.Env());
        TakeWord(array.Get(i), out);
    }
    if (out.broken)
        ThrowFailure(value.Env(), runts_failure{"malloc", ENOMEM, ""});
}

void TakeStrings(const Napi::Value &value, Strings &out)
{
    if (!value.IsArray())
        throw Napi::TypeError::New(value.Env(), "not an array");
    Napi::Array array = value.As<Napi::Array>();
    out.items = static_cast<char **>(calloc(array.Length() + 1, sizeof *out.items));
    for (uint32_t i = 0; i < array.Length() && out.items != nullptr; i++) {
        char *copy = strdup(TakePath(array.Get(i)).c_str());
        if (copy == nullptr)
            ThrowFailure(value.Env(), runts_failure{"malloc", ENOMEM, ""});
        out.items[out.count++] = copy;
    }
    if (out.items == nullptr)
        ThrowFailure(value.Env(), runts_failure{"malloc", ENOMEM, ""});
}

Napi::Value GiveBytes(Napi::Env env, const runts_bytes &bytes)
{
    Napi::Uint8Array array = Napi::Uint8Array::New(env, bytes.length);
    if (bytes.length > 0)
        memcpy(array.Data(), bytes.data, bytes.length);
    return array;
}

Napi::Value GiveStrings(Napi::Env env, const runts_strings &strings)
{
    Napi::Array array = Napi::Array::New(env, strings.count);
    for (size_t i = 0; i < strings.count; i++)
        array.Set(static_cast<uint32_t>(i), Napi::String::New(env, strings.items[i]));
    return array;
}
