// SPDX-License-Identifier: Apache-2.0

// lib/host.ts for QuickJS: one native object whose functions call the C library.

#include "module.h"

#include "executing.h"
#include "looking.h"
#include "values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BYTES __attribute__((cleanup(runts_free_bytes)))
#define STRINGS __attribute__((cleanup(runts_free_strings)))
#define WORDS __attribute__((cleanup(runts_free_words)))

// Every function below is called with as many arguments as its entry in the table says, at least.
typedef JSContext *Context;
typedef JSValueConst *Args;

static JSValue host_env(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text name;
    if (take_path(c, args[0], &name) < 0)
        return JS_EXCEPTION;
    const char *value = getenv(name.data);
    return value ? JS_NewString(c, value) : JS_UNDEFINED;
}

static JSValue text_of(Context c, const struct runts_bytes *bytes)
{
    return JS_NewStringLen(c, (const char *)bytes->data, bytes->length);
}

static JSValue host_cwd(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count, (void)args;
    BYTES struct runts_bytes path = {0};
    struct runts_failure failure;
    return runts_cwd(&path, &failure) < 0 ? throw_failure(c, &failure) : text_of(c, &path);
}

static JSValue host_now(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count, (void)args;
    return JS_NewFloat64(c, (double)runts_now());
}

static uint64_t began;

static JSValue host_began(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count, (void)args;
    return JS_NewFloat64(c, (double)began);
}

static JSValue host_is_terminal(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    int32_t fd;
    if (JS_ToInt32(c, &fd, args[0]) < 0)
        return JS_EXCEPTION;
    return JS_NewBool(c, isatty(fd) == 1);
}

static JSValue host_read_file(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text path;
    uint64_t limit;
    if (take_path(c, args[0], &path) < 0 || JS_ToIndex(c, &limit, args[1]) < 0)
        return JS_EXCEPTION;
    struct runts_bytes bytes;
    struct runts_failure failure;
    if (runts_read_file(path.data, limit, &bytes, &failure) < 0)
        return throw_failure(c, &failure);
    return give_bytes(c, &bytes);
}

static JSValue host_decode(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    const uint8_t *data;
    size_t length;
    if (take_bytes(c, args[0], &data, &length) < 0)
        return JS_EXCEPTION;
    if (!runts_is_utf8(data, length))
        return throw_failure(c, &(struct runts_failure){.syscall = "decode", .error = EILSEQ});
    return JS_NewStringLen(c, (const char *)data, length);
}

static JSValue host_scan_json(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    const uint8_t *data;
    size_t length;
    if (take_bytes(c, args[0], &data, &length) < 0)
        return JS_EXCEPTION;
    STRINGS struct runts_strings duplicates = {0}, integers = {0};
    struct runts_failure failure;
    if (runts_scan_json(data, length, &duplicates, &integers, &failure) < 0)
        return throw_failure(c, &failure);
    JSValue scan = JS_NewObject(c);
    if (JS_IsException(scan) || set(c, scan, "duplicates", give_strings(c, &duplicates)) < 0 ||
        set(c, scan, "integers", give_strings(c, &integers)) < 0)
        return JS_EXCEPTION;
    return scan;
}

static JSValue host_list(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text path;
    if (take_path(c, args[0], &path) < 0)
        return JS_EXCEPTION;
    struct runts_strings names;
    struct runts_failure failure;
    if (runts_list(path.data, &names, &failure) < 0)
        return throw_failure(c, &failure);
    return give_strings(c, &names);
}

static JSValue host_kind(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text path;
    if (take_path(c, args[0], &path) < 0)
        return JS_EXCEPTION;
    struct runts_failure failure;
    const char *kind = runts_kind(path.data, &failure);
    return kind ? JS_NewString(c, kind) : throw_failure(c, &failure);
}

static JSValue host_writable(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text path;
    if (take_path(c, args[0], &path) < 0)
        return JS_EXCEPTION;
    return JS_NewBool(c, runts_writable(path.data));
}

static JSValue host_lock(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text path;
    int64_t milliseconds;
    if (take_path(c, args[0], &path) < 0 || JS_ToInt64(c, &milliseconds, args[1]) < 0)
        return JS_EXCEPTION;
    struct runts_failure failure;
    int lock = runts_lock(path.data, milliseconds, &failure);
    return lock < 0 ? throw_failure(c, &failure) : JS_NewInt32(c, lock);
}

static JSValue host_unlock(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    int32_t lock;
    if (JS_ToInt32(c, &lock, args[0]) < 0)
        return JS_EXCEPTION;
    runts_unlock(lock);
    return JS_UNDEFINED;
}

static JSValue host_real_path(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text path;
    if (take_path(c, args[0], &path) < 0)
        return JS_EXCEPTION;
    BYTES struct runts_bytes real = {0};
    struct runts_failure failure;
    return runts_real_path(path.data, &real, &failure) < 0 ? throw_failure(c, &failure) : text_of(c, &real);
}

static JSValue host_read_link(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text path;
    if (take_path(c, args[0], &path) < 0)
        return JS_EXCEPTION;
    BYTES struct runts_bytes target = {0};
    struct runts_failure failure;
    return runts_read_link(path.data, &target, &failure) < 0 ? throw_failure(c, &failure)
                                                             : text_of(c, &target);
}

static JSValue host_digest(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text text;
    if (take_text(c, args[0], &text) < 0)
        return JS_EXCEPTION;
    char digits[65];
    runts_digest(text.data, text.length, digits);
    return JS_NewString(c, digits);
}

static JSValue host_checksum(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    const uint8_t *data;
    size_t length;
    if (take_bytes(c, args[0], &data, &length) < 0)
        return JS_EXCEPTION;
    return JS_NewUint32(c, runts_checksum(data, length));
}

static JSValue host_compile_seccomp(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    WORDS struct runts_words profile = {0};
    if (take_words(c, args[0], &profile) < 0)
        return JS_EXCEPTION;
    struct runts_bytes program;
    struct runts_failure failure;
    if (runts_compile_seccomp(&profile, &program, &failure) < 0)
        return throw_failure(c, &failure);
    return give_bytes(c, &program);
}

static JSValue host_write(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    int32_t fd;
    AUTO_TEXT struct text text;
    if (take_text(c, args[1], &text) < 0 || JS_ToInt32(c, &fd, args[0]) < 0)
        return JS_EXCEPTION;
    struct runts_failure failure;
    return runts_write(fd, text.data, text.length, &failure) < 0 ? throw_failure(c, &failure) : JS_UNDEFINED;
}

typedef int write_text(const char *path, const char *text, size_t length, struct runts_failure *failure);

static JSValue write_file(Context c, Args args, write_text *write)
{
    AUTO_TEXT struct text path;
    AUTO_TEXT struct text text = {0};
    if (take_path(c, args[0], &path) < 0 || take_text(c, args[1], &text) < 0)
        return JS_EXCEPTION;
    struct runts_failure failure;
    return write(path.data, text.data, text.length, &failure) < 0 ? throw_failure(c, &failure) : JS_UNDEFINED;
}

static JSValue host_append(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    return write_file(c, args, runts_append);
}

static JSValue host_overwrite(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    return write_file(c, args, runts_overwrite);
}

static JSValue host_replace_file(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text path;
    const uint8_t *data;
    size_t length;
    if (take_path(c, args[0], &path) < 0 || take_bytes(c, args[1], &data, &length) < 0)
        return JS_EXCEPTION;
    struct runts_failure failure;
    if (runts_replace_file(path.data, data, length, &failure) < 0)
        return throw_failure(c, &failure);
    return JS_UNDEFINED;
}

static JSValue host_watch(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text path;
    AUTO_TEXT struct text trigger = {0};
    if (take_path(c, args[0], &path) < 0 || take_path(c, args[1], &trigger) < 0)
        return JS_EXCEPTION;
    int watched;
    struct runts_failure failure;
    if (runts_watch(path.data, trigger.data, &watched, &failure) < 0)
        return throw_failure(c, &failure);
    return JS_NewInt32(c, watched);
}

static int take_descriptors(Context c, JSValueConst array, int *out, int64_t *count)
{
    if (JS_GetLength(c, array, count) < 0)
        return -1;
    if (*count > RUNTS_WATCHED_MAX)
        return JS_ThrowRangeError(c, "too many descriptors"), -1;
    for (int64_t i = 0; i < *count; i++) {
        JSValue item = JS_GetPropertyInt64(c, array, i);
        int result = JS_IsException(item) ? -1 : JS_ToInt32(c, &out[i], item);
        JS_FreeValue(c, item);
        if (result < 0)
            return -1;
    }
    return 0;
}

static JSValue host_wait(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    int watched[RUNTS_WATCHED_MAX];
    bool changed[RUNTS_WATCHED_MAX] = {false};
    int64_t length;
    int32_t milliseconds;
    if (take_descriptors(c, args[0], watched, &length) < 0 || JS_ToInt32(c, &milliseconds, args[1]) < 0)
        return JS_EXCEPTION;
    struct runts_failure failure;
    if (runts_wait(watched, (size_t)length, milliseconds, changed, &failure) < 0)
        return throw_failure(c, &failure);
    JSValue array = JS_NewArray(c);
    uint32_t found = 0;
    for (int64_t i = 0; i < length && !JS_IsException(array); i++)
        if (changed[i] && JS_SetPropertyUint32(c, array, found++, JS_NewInt32(c, watched[i])) < 0)
            return JS_EXCEPTION;
    return array;
}

static JSValue host_output(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    STRINGS struct runts_strings words = {0};
    uint64_t limit;
    if (JS_ToIndex(c, &limit, args[1]) < 0 || take_strings(c, args[0], &words) < 0)
        return JS_EXCEPTION;
    struct runts_bytes bytes;
    int status;
    struct runts_failure failure;
    if (runts_output(&words, limit, &bytes, &status, &failure) < 0)
        return throw_failure(c, &failure);
    JSValue output = give_bytes(c, &bytes);
    JSValue object = JS_NewObject(c);
    if (JS_IsException(object) || set(c, object, "status", JS_NewInt32(c, status)) < 0 ||
        set(c, object, "output", output) < 0)
        return JS_EXCEPTION;
    return object;
}

static JSValue host_screen_size(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    int32_t fd;
    if (JS_ToInt32(c, &fd, args[0]) < 0)
        return JS_EXCEPTION;
    int columns, rows;
    runts_screen_size(fd, &columns, &rows);
    JSValue object = JS_NewObject(c);
    if (JS_IsException(object) || set(c, object, "columns", JS_NewInt32(c, columns)) < 0 ||
        set(c, object, "rows", JS_NewInt32(c, rows)) < 0)
        return JS_EXCEPTION;
    return object;
}

static JSValue host_hold_terminal(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text farewell;
    if (take_text(c, args[0], &farewell) < 0)
        return JS_EXCEPTION;
    struct runts_failure failure;
    if (runts_hold_terminal(farewell.data, farewell.length, &failure) < 0)
        return throw_failure(c, &failure);
    return JS_UNDEFINED;
}

static JSValue host_release_terminal(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count, (void)args;
    struct runts_failure failure;
    return runts_release_terminal(&failure) < 0 ? throw_failure(c, &failure) : JS_UNDEFINED;
}

static JSValue host_read_keys(Context c, JSValueConst self, int count, Args args)
{
    (void)self, (void)count;
    int32_t milliseconds;
    if (JS_ToInt32(c, &milliseconds, args[0]) < 0)
        return JS_EXCEPTION;
    char keys[16];
    size_t length;
    struct runts_failure failure;
    if (runts_read_keys(milliseconds, keys, &length, &failure) < 0)
        return throw_failure(c, &failure);
    return JS_NewStringLen(c, keys, length);
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("env", 1, host_env),
    JS_CFUNC_DEF("cwd", 0, host_cwd),
    JS_CFUNC_DEF("now", 0, host_now),
    JS_CFUNC_DEF("began", 0, host_began),
    JS_CFUNC_DEF("isTerminal", 1, host_is_terminal),
    JS_CFUNC_DEF("readFile", 2, host_read_file),
    JS_CFUNC_DEF("decode", 1, host_decode),
    JS_CFUNC_DEF("scanJson", 1, host_scan_json),
    JS_CFUNC_DEF("list", 1, host_list),
    JS_CFUNC_DEF("kind", 1, host_kind),
    JS_CFUNC_DEF("look", 3, host_look),
    JS_CFUNC_DEF("probe", 3, host_probe),
    JS_CFUNC_DEF("writable", 1, host_writable),
    JS_CFUNC_DEF("realPath", 1, host_real_path),
    JS_CFUNC_DEF("readLink", 1, host_read_link),
    JS_CFUNC_DEF("lock", 2, host_lock),
    JS_CFUNC_DEF("unlock", 1, host_unlock),
    JS_CFUNC_DEF("digest", 1, host_digest),
    JS_CFUNC_DEF("checksum", 1, host_checksum),
    JS_CFUNC_DEF("systemCall", 1, host_system_call),
    JS_CFUNC_DEF("compileSeccomp", 1, host_compile_seccomp),
    JS_CFUNC_DEF("write", 2, host_write),
    JS_CFUNC_DEF("append", 2, host_append),
    JS_CFUNC_DEF("overwrite", 2, host_overwrite),
    JS_CFUNC_DEF("replaceFile", 2, host_replace_file),
    JS_CFUNC_DEF("newFile", 3, host_new_file),
    JS_CFUNC_DEF("watch", 2, host_watch),
    JS_CFUNC_DEF("wait", 2, host_wait),
    JS_CFUNC_DEF("output", 2, host_output),
    JS_CFUNC_DEF("screenSize", 1, host_screen_size),
    JS_CFUNC_DEF("holdTerminal", 1, host_hold_terminal),
    JS_CFUNC_DEF("releaseTerminal", 0, host_release_terminal),
    JS_CFUNC_DEF("readKeys", 1, host_read_keys),
    JS_CFUNC_DEF("execute", 2, host_execute),
};

static JSValue give_args(Context c, int count, char *const *args)
{
    JSValue array = JS_NewArray(c);
    for (int i = 0; i < count && !JS_IsException(array); i++)
        if (JS_SetPropertyUint32(c, array, (uint32_t)i, JS_NewString(c, args[i])) < 0)
            return JS_EXCEPTION;
    return array;
}

static JSValue give_version(Context c)
{
    JSValue object = JS_NewObject(c);
    if (JS_IsException(object) || set(c, object, "engine", JS_NewString(c, JS_GetVersion())) < 0 ||
        set(c, object, "seccomp", JS_NewString(c, runts_seccomp_version())) < 0)
        return JS_EXCEPTION;
    return object;
}

int make_host(Context c, JSValue *host)
{
    int length = (int)(sizeof functions / sizeof *functions);
    *host = JS_NewObject(c);
    if (JS_IsException(*host) || set(c, *host, "name", JS_NewString(c, "quickjs")) < 0 ||
        set(c, *host, "version", give_version(c)) < 0)
        return -1;
    return JS_SetPropertyFunctionList(c, *host, functions, length) < 0 ? -1 : 0;
}

int complete_host(Context c, JSValue host, int count, char *const *args)
{
    // the system call itself: to look for the vDSO's takes a hundred times as long, and most commands need no
    // clock
    struct timespec now = {0};
    (void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    began = (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
    if (set(c, host, "args", give_args(c, count, args)) < 0 ||
        set(c, host, "uid", JS_NewInt64(c, geteuid())) < 0 ||
        set(c, host, "gid", JS_NewInt64(c, getegid())) < 0)
        return -1;
    return set(c, host, "architecture", JS_NewString(c, runts_architecture()));
}
