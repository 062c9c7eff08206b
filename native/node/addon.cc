// SPDX-License-Identifier: Apache-2.0

// lib/host.ts for Node.js, as far as the C library is it; lib/host-node.ts adds what the process knows.

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include <napi.h>

#include "runts.h"
#include "values.h"

using Call = Napi::CallbackInfo;

static Napi::Value TextOf(Napi::Env env, const runts_bytes &bytes)
{
    return Napi::String::New(env, reinterpret_cast<const char *>(bytes.data), bytes.length);
}

static Napi::Value Cwd(const Call &call)
{
    Bytes path;
    runts_failure failure;
    if (runts_cwd(&path, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return TextOf(call.Env(), path);
}

static Napi::Value Now(const Call &call)
{
    return Napi::Number::New(call.Env(), static_cast<double>(runts_now()));
}

static Napi::Value IsTerminal(const Call &call)
{
    return Napi::Boolean::New(call.Env(), isatty(call[0].ToNumber().Int32Value()) == 1);
}

static Napi::Value ReadFile(const Call &call)
{
    std::string path = TakePath(call[0]);
    double limit = call[1].ToNumber().DoubleValue();
    if (!(limit >= 0 && limit <= 9007199254740991))
        throw Napi::RangeError::New(call.Env(), "limit");
    Bytes bytes;
    runts_failure failure;
    if (runts_read_file(path.c_str(), static_cast<size_t>(limit), &bytes, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return GiveBytes(call.Env(), bytes);
}

static Napi::Value Decode(const Call &call)
{
    Napi::Uint8Array bytes = TakeBytes(call[0]);
    if (!runts_is_utf8(bytes.Data(), bytes.ByteLength()))
        ThrowFailure(call.Env(), runts_failure{"decode", EILSEQ, ""});
    return Napi::String::New(call.Env(), reinterpret_cast<const char *>(bytes.Data()), bytes.ByteLength());
}

static Napi::Value ScanJson(const Call &call)
{
    Napi::Uint8Array bytes = TakeBytes(call[0]);
    Strings duplicates, integers;
    runts_failure failure;
    if (runts_scan_json(bytes.Data(), bytes.ByteLength(), &duplicates, &integers, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    Napi::Object scan = Napi::Object::New(call.Env());
    scan.Set("duplicates", GiveStrings(call.Env(), duplicates));
    scan.Set("integers", GiveStrings(call.Env(), integers));
    return scan;
}

static Napi::Value List(const Call &call)
{
    std::string path = TakePath(call[0]);
    Strings names;
    runts_failure failure;
    if (runts_list(path.c_str(), &names, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return GiveStrings(call.Env(), names);
}

static Napi::Value Kind(const Call &call)
{
    std::string path = TakePath(call[0]);
    runts_failure failure;
    const char *kind = runts_kind(path.c_str(), &failure);
    if (kind == nullptr)
        ThrowFailure(call.Env(), failure);
    return Napi::String::New(call.Env(), kind);
}

static Napi::Value Look(const Call &call)
{
    std::string root = TakePath(call[0]), path = TakePath(call[1]);
    runts_sight sight;
    runts_failure failure;
    if (runts_look(root.c_str(), path.c_str(), call[2].ToNumber().Uint32Value(), &sight, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    Bytes content;
    static_cast<runts_bytes &>(content) = sight.content;
    Napi::Object object = Napi::Object::New(call.Env());
    object.Set("kind", Napi::String::New(call.Env(), sight.kind));
    object.Set("mode", Napi::Number::New(call.Env(), sight.mode));
    object.Set("uid", Napi::Number::New(call.Env(), sight.uid));
    object.Set("gid", Napi::Number::New(call.Env(), sight.gid));
    object.Set("mountFlags", Napi::Number::New(call.Env(), static_cast<double>(sight.mount_flags)));
    object.Set("fileSystem", Napi::Number::New(call.Env(), sight.file_system));
    object.Set("content", GiveBytes(call.Env(), content));
    return object;
}

static Napi::Value Probe(const Call &call)
{
    std::string name = TakePath(call[0]), text = TakePath(call[1]);
    auto number = static_cast<uint64_t>(call[2].ToNumber().Int64Value());
    return Napi::Number::New(call.Env(), runts_probe(name.c_str(), text.c_str(), number));
}

static Napi::Value Writable(const Call &call)
{
    return Napi::Boolean::New(call.Env(), runts_writable(TakePath(call[0]).c_str()));
}

static Napi::Value Lock(const Call &call)
{
    std::string path = TakePath(call[0]);
    runts_failure failure;
    int lock = runts_lock(path.c_str(), call[1].ToNumber().Int64Value(), &failure);
    if (lock < 0)
        ThrowFailure(call.Env(), failure);
    return Napi::Number::New(call.Env(), lock);
}

static Napi::Value Unlock(const Call &call)
{
    runts_unlock(call[0].ToNumber().Int32Value());
    return call.Env().Undefined();
}

static Napi::Value RealPath(const Call &call)
{
    std::string path = TakePath(call[0]);
    Bytes real;
    runts_failure failure;
    if (runts_real_path(path.c_str(), &real, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return TextOf(call.Env(), real);
}

static Napi::Value ReadLink(const Call &call)
{
    std::string path = TakePath(call[0]);
    Bytes target;
    runts_failure failure;
    if (runts_read_link(path.c_str(), &target, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return TextOf(call.Env(), target);
}

static Napi::Value SystemCall(const Call &call)
{
    char name[64];
    runts_system_call(call[0].As<Napi::Number>().Int32Value(), name);
    return Napi::String::New(call.Env(), name);
}

static Napi::Value Digest(const Call &call)
{
    std::string text = TakeText(call[0]);
    char digits[65];
    runts_digest(text.data(), text.size(), digits);
    return Napi::String::New(call.Env(), digits);
}

static Napi::Value Checksum(const Call &call)
{
    auto bytes = call[0].As<Napi::Uint8Array>();
    return Napi::Number::New(call.Env(), runts_checksum(bytes.Data(), bytes.ByteLength()));
}

static Napi::Value CompileSeccomp(const Call &call)
{
    Words profile;
    TakeWords(call[0], profile);
    Bytes program;
    runts_failure failure;
    if (runts_compile_seccomp(&profile, &program, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return GiveBytes(call.Env(), program);
}

static Napi::Value Write(const Call &call)
{
    std::string text = TakeText(call[1]);
    runts_failure failure;
    if (runts_write(call[0].ToNumber().Int32Value(), text.data(), text.size(), &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return call.Env().Undefined();
}

static Napi::Value Append(const Call &call)
{
    std::string path = TakePath(call[0]), text = TakeText(call[1]);
    runts_failure failure;
    if (runts_append(path.c_str(), text.data(), text.size(), &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return call.Env().Undefined();
}

static Napi::Value Overwrite(const Call &call)
{
    std::string path = TakePath(call[0]), text = TakeText(call[1]);
    runts_failure failure;
    if (runts_overwrite(path.c_str(), text.data(), text.size(), &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return call.Env().Undefined();
}

static Napi::Value ReplaceFile(const Call &call)
{
    std::string path = TakePath(call[0]);
    Napi::Uint8Array bytes = TakeBytes(call[1]);
    runts_failure failure;
    if (runts_replace_file(path.c_str(), bytes.Data(), bytes.ByteLength(), &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return call.Env().Undefined();
}

static Napi::Value NewFile(const Call &call)
{
    std::string folder = TakePath(call[0]), name = TakePath(call[1]), text = TakeText(call[2]);
    runts_failure failure;
    if (runts_new_file(folder.c_str(), name.c_str(), text.data(), text.size(), &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return call.Env().Undefined();
}

static Napi::Value Watch(const Call &call)
{
    std::string path = TakePath(call[0]), trigger = TakePath(call[1]);
    int watched;
    runts_failure failure;
    if (runts_watch(path.c_str(), trigger.c_str(), &watched, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return Napi::Number::New(call.Env(), watched);
}

static Napi::Value Wait(const Call &call)
{
    Napi::Array given = call[0].As<Napi::Array>();
    if (given.Length() > RUNTS_WATCHED_MAX)
        throw Napi::RangeError::New(call.Env(), "too many descriptors");
    int watched[RUNTS_WATCHED_MAX];
    bool changed[RUNTS_WATCHED_MAX] = {};
    for (uint32_t i = 0; i < given.Length(); i++)
        watched[i] = given.Get(i).ToNumber().Int32Value();
    runts_failure failure;
    int milliseconds = call[1].ToNumber().Int32Value();
    if (runts_wait(watched, given.Length(), milliseconds, changed, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    Napi::Array found = Napi::Array::New(call.Env());
    for (uint32_t i = 0; i < given.Length(); i++)
        if (changed[i])
            found.Set(found.Length(), Napi::Number::New(call.Env(), watched[i]));
    return found;
}

static Napi::Value Output(const Call &call)
{
    Strings args;
    TakeStrings(call[0], args);
    Bytes output;
    int status;
    runts_failure failure;
    auto limit = static_cast<size_t>(call[1].ToNumber().Int64Value());
    if (runts_output(&args, limit, &output, &status, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    Napi::Object object = Napi::Object::New(call.Env());
    object.Set("status", Napi::Number::New(call.Env(), status));
    object.Set("output", GiveBytes(call.Env(), output));
    return object;
}

static Napi::Value ScreenSize(const Call &call)
{
    int columns, rows;
    runts_screen_size(call[0].ToNumber().Int32Value(), &columns, &rows);
    Napi::Object object = Napi::Object::New(call.Env());
    object.Set("columns", Napi::Number::New(call.Env(), columns));
    object.Set("rows", Napi::Number::New(call.Env(), rows));
    return object;
}

static Napi::Value HoldTerminal(const Call &call)
{
    std::string farewell = TakeText(call[0]);
    runts_failure failure;
    if (runts_hold_terminal(farewell.data(), farewell.size(), &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return call.Env().Undefined();
}

static Napi::Value ReleaseTerminal(const Call &call)
{
    runts_failure failure;
    if (runts_release_terminal(&failure) < 0)
        ThrowFailure(call.Env(), failure);
    return call.Env().Undefined();
}

static Napi::Value ReadKeys(const Call &call)
{
    char keys[16];
    size_t length;
    runts_failure failure;
    if (runts_read_keys(call[0].ToNumber().Int32Value(), keys, &length, &failure) < 0)
        ThrowFailure(call.Env(), failure);
    return Napi::String::New(call.Env(), keys, length);
}

static Napi::Value GiveWarnings(Napi::Env env, const Outcome &outcome)
{
    Napi::Array array = Napi::Array::New(env, outcome.warning_count * 4);
    uint32_t length = 0;
    for (size_t i = 0; i < outcome.warning_count; i++) {
        const runts_warning &warning = outcome.warnings[i];
        array.Set(length++, Napi::Number::New(env, warning.process));
        array.Set(length++, Napi::Number::New(env, warning.step));
        array.Set(length++, Napi::Number::New(env, warning.error));
        array.Set(length++, Napi::String::New(env, warning.detail));
    }
    return array;
}

// Node.js marks the descriptors it was started with as close-on-exec and passes them on by hand. The
// processes of a plan are not its children, so for them the standard streams are made to be inherited again.
static void ShareStandardStreams()
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        (void)fcntl(fd, F_SETFD, 0); // one that is closed stays so
}

static Napi::Value Execute(const Call &call)
{
    Napi::Env env = call.Env();
    Words plan;
    TakeWords(call[0], plan);
    Words names;
    runts_tracing tracing = {};
    if (call[1].IsObject()) {
        Napi::Object given = call[1].As<Napi::Object>();
        tracing.since = static_cast<uint64_t>(given.Get("since").ToNumber().Int64Value());
        tracing.lines = given.Get("lines").ToBoolean();
        TakeWords(given.Get("names"), names);
        tracing.names = names;
    }
    Outcome outcome;
    ShareStandardStreams();
    runts_execute(&plan, &tracing, &outcome);
    Napi::Object object = Napi::Object::New(env);
    object.Set("process", Napi::Number::New(env, outcome.process));
    object.Set("step", Napi::Number::New(env, outcome.step));
    object.Set("syscall", Napi::String::New(env, outcome.syscall));
    object.Set("errno", Napi::Number::New(env, outcome.error));
    object.Set("detail", Napi::String::New(env, outcome.detail == nullptr ? "" : outcome.detail));
    object.Set("pid", Napi::Number::New(env, outcome.pid));
    object.Set("exitStatus", Napi::Number::New(env, outcome.exit_status));
    object.Set("warnings", GiveWarnings(env, outcome));
    if (outcome.events != nullptr)
        object.Set("events", Napi::String::New(env, outcome.events));
    if (outcome.lines != nullptr)
        object.Set("lines", Napi::String::New(env, outcome.lines));
    return object;
}

static Napi::Object Initialize(Napi::Env env, Napi::Object exports)
{
    constexpr struct {
        const char *name;
        Napi::Value (*function)(const Call &);
    } functions[] = {
        {"cwd", Cwd},
        {"now", Now},
        {"isTerminal", IsTerminal},
        {"readFile", ReadFile},
        {"decode", Decode},
        {"scanJson", ScanJson},
        {"list", List},
        {"kind", Kind},
        {"look", Look},
        {"probe", Probe},
        {"writable", Writable},
        {"realPath", RealPath},
        {"readLink", ReadLink},
        {"digest", Digest},
        {"checksum", Checksum},
        {"systemCall", SystemCall},
        {"compileSeccomp", CompileSeccomp},
        {"write", Write},
        {"append", Append},
        {"overwrite", Overwrite},
        {"replaceFile", ReplaceFile},
        {"newFile", NewFile},
        {"watch", Watch},
        {"wait", Wait},
        {"output", Output},
        {"screenSize", ScreenSize},
        {"holdTerminal", HoldTerminal},
        {"releaseTerminal", ReleaseTerminal},
        {"readKeys", ReadKeys},
        {"execute", Execute},
        {"lock", Lock},
        {"unlock", Unlock},
    };
    for (const auto &entry : functions)
        exports.Set(entry.name, Napi::Function::New(env, entry.function, entry.name));
    exports.Set("architecture", Napi::String::New(env, runts_architecture()));
    exports.Set("seccompVersion", Napi::String::New(env, runts_seccomp_version()));
    return exports;
}

NODE_API_MODULE(runts, Initialize)
