// SPDX-License-Identifier: Apache-2.0

// The runts executable: runs the embedded bundle, whose main module exports a promise of the exit code.

#include "engine.h"
#include "loader.h"
#include "module.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static int fail(JSContext *context)
{
    engine_print_error(context, JS_GetException(context), false);
    return EXIT_FAILURE;
}

static int run(JSContext *context)
{
    JSValue bundle = loader_run(context, "main.js");
    if (JS_IsException(bundle))
        return fail(context);
    JSValue promise = JS_GetPropertyStr(context, bundle, "default");
    if (JS_IsException(promise))
        return fail(context);
    int32_t code;
    if (engine_settle(context, promise) != JS_PROMISE_FULFILLED) {
        engine_print_error(context, JS_PromiseResult(context, promise), false);
        return EXIT_FAILURE;
    }
    return JS_ToInt32(context, &code, JS_PromiseResult(context, promise)) < 0 ? fail(context) : code;
}

int main(int argc, char **argv)
{
    if (open_standard_descriptors() < 0)
        return EXIT_FAILURE;
    // A reader that went away is an error of write(2), not the end of us. Children get the default back.
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return EXIT_FAILURE;
    JSContext *context = engine_open();
    if (!context)
        return EXIT_FAILURE;
    if (install_host(context, argc > 0 ? argc - 1 : 0, argv + 1) < 0)
        _exit(fail(context));
    loader_install(context);
    _exit(run(context)); // nothing is buffered, and giving the heap back would only take time
}
