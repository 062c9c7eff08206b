// SPDX-License-Identifier: Apache-2.0

// runts-unit FILE.js: runs a bundle of unit tests on the engine and host that runts has. Unlike runts
// it has a compiler. It ends with uvu's exit code, or 1 when the script throws.

#include "engine.h"
#include "module.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runts.h"

extern const uint8_t unit_globals[];
extern const size_t unit_globals_length;

static const size_t max_script = (size_t)64 << 20;

static int fail(JSContext *context)
{
    engine_print_error(context, JS_GetException(context), true);
    return EXIT_FAILURE;
}

static JSValue evaluate(JSContext *context, const char *name, const uint8_t *text, size_t length, int flags)
{
    char *source = malloc(length + 1);
    if (!source)
        return JS_ThrowOutOfMemory(context);
    memcpy(source, text, length);
    source[length] = '\0'; // JS_Eval wants it
    JSValue value = JS_Eval(context, source, length, name, flags);
    free(source);
    return value;
}

static JSValue call_global(JSContext *context, const char *name)
{
    JSValue function = JS_GetPropertyStr(context, JS_GetGlobalObject(context), name);
    return JS_Call(context, function, JS_UNDEFINED, 0, NULL);
}

// Runs jobs and timers until none is left; -1 when one throws.
static int run_loop(JSContext *context)
{
    JSRuntime *runtime = JS_GetRuntime(context);
    int more = 1;
    while (more > 0) {
        JSContext *where;
        int jobs;
        while ((jobs = JS_ExecutePendingJob(runtime, &where)) > 0)
            ;
        JSValue ran = jobs < 0 ? JS_EXCEPTION : call_global(context, "__runtsTimer");
        more = JS_IsException(ran) ? -1 : JS_ToBool(context, ran);
    }
    return more;
}

static int run(JSContext *context, const char *path)
{
    struct runts_bytes script;
    struct runts_failure failure;
    if (runts_read_file(path, max_script, &script, &failure) < 0) {
        JS_ThrowReferenceError(context, "cannot read %s", path);
        return fail(context);
    }
    JSValue globals =
        evaluate(context, "unit-globals.js", unit_globals, unit_globals_length, JS_EVAL_TYPE_GLOBAL);
    if (JS_IsException(globals))
        return fail(context);
    JSValue promise = evaluate(context, path, script.data, script.length, JS_EVAL_TYPE_MODULE);
    if (JS_IsException(promise) || run_loop(context) < 0)
        return fail(context);
    if (JS_PromiseState(context, promise) != JS_PROMISE_FULFILLED) {
        engine_print_error(context, JS_PromiseResult(context, promise), true);
        return EXIT_FAILURE;
    }
    int32_t code;
    JSValue exit_code = call_global(context, "__runtsExit");
    return JS_IsException(exit_code) || JS_ToInt32(context, &code, exit_code) < 0 ? fail(context) : code;
}

// Tests have no main function to be handed the host.
static int install_host(JSContext *context, int count, char *const *args)
{
    JSValue host;
    if (make_host(context, &host) < 0 || complete_host(context, host, count, args) < 0)
        return -1;
    return JS_SetPropertyStr(context, JS_GetGlobalObject(context), "__runtsHost", host) < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
    if (argc < 2 || open_standard_descriptors() < 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return EXIT_FAILURE;
    JSContext *context = engine_open();
    if (!context || JS_AddIntrinsicEval(context) < 0)
        return EXIT_FAILURE;
    _exit(install_host(context, argc - 2, argv + 2) < 0 ? fail(context) : run(context, argv[1]));
}
