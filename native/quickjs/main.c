// SPDX-License-Identifier: Apache-2.0

// The runts executable: calls the bundle's main function, which promises the exit code.

#include "engine.h"
#include "hot_pages.h"
#include "module.h"
#include "snapshot.h"

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
    JSValue promise = JS_Call(context, snapshot.entry, JS_UNDEFINED, 1, &snapshot.host);
    if (JS_IsException(promise))
        return fail(context);
    int32_t code;
    JSPromiseStateEnum state = engine_settle(context, promise);
    if (state == JS_PROMISE_PENDING) {
        JS_ThrowInternalError(context, "nothing is left to wait for");
        return fail(context);
    }
    if (state != JS_PROMISE_FULFILLED) {
        engine_print_error(context, JS_PromiseResult(context, promise), false);
        return EXIT_FAILURE;
    }
    return JS_ToInt32(context, &code, JS_PromiseResult(context, promise)) < 0 ? fail(context) : code;
}

int main(int argc, char **argv)
{
    if (!snapshot.taken) // the build's first run of us
        return argc == 2 ? snapshot_take(argv[1]) : EXIT_FAILURE;
    const char *learned = NULL;
    if (hot_pages_known()) {
        hot_pages_copy(argc, argv);
    } else if (argc > 2) { // the build's later ones: what comes after the file's name is the command
        learned = *++argv;
        argc--;
    }
    if (open_standard_descriptors() < 0)
        return EXIT_FAILURE;
    // A reader that went away is an error of write(2), not the end of us. Children get the default back.
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return EXIT_FAILURE;
    JSContext *context = snapshot.context;
    JS_UpdateStackTop(JS_GetRuntime(context)); // this run's stack is not where the build's was
    if (complete_host(context, snapshot.host, argc > 0 ? argc - 1 : 0, argv + 1) < 0)
        _exit(fail(context));
    int status = run(context);
    if (learned && (status != EXIT_SUCCESS || hot_pages_learn(learned) < 0))
        _exit(EXIT_FAILURE);
    _exit(status); // nothing is buffered, and giving the heap back would only take time
}
