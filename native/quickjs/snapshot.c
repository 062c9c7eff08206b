// SPDX-License-Identifier: Apache-2.0

#include "snapshot.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "cleanup.h"
#include "engine.h"
#include "heap.h"
#include "loader.h"
#include "module.h"
#include "write_all.h"

struct snapshot snapshot IN_SNAPSHOT;

// What the bundle's hot part takes, and some more: the build fails when it no longer fits.
static _Alignas(4096) uint8_t chunk[9 << 17] IN_SNAPSHOT;

extern const uint8_t __start_engine_snapshot[], __stop_engine_snapshot[];

static int fail(JSContext *context)
{
    if (context)
        engine_print_error(context, JS_GetException(context), true);
    return EXIT_FAILURE;
}

// Evaluates the main module, which names what is to be loaded ahead, and loads that.
static int load_bundle(JSContext *context)
{
    JSValue bundle = loader_run(context, "main.js");
    if (JS_IsException(bundle))
        return -1;
    snapshot.entry = JS_GetPropertyStr(context, bundle, "default");
    JSValue preload = JS_GetPropertyStr(context, bundle, "preload");
    JSValue loaded = JS_Call(context, preload, JS_UNDEFINED, 0, NULL);
    if (JS_IsException(loaded))
        return -1;
    if (engine_settle(context, loaded) == JS_PROMISE_FULFILLED)
        return 0;
    JS_Throw(context, JS_PromiseResult(context, loaded));
    return -1;
}

int snapshot_take(const char *path)
{
    heap_use(chunk, sizeof chunk);
    JSContext *context = engine_open();
    if (!context || make_host(context, &snapshot.host) < 0)
        return fail(context);
    loader_install(context);
    if (load_bundle(context) < 0)
        return fail(context);
    snapshot.context = context;
    snapshot.taken = true;
    heap_seal();
    CLOSE_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    size_t length = (size_t)(__stop_engine_snapshot - __start_engine_snapshot);
    return fd < 0 || write_all(fd, __start_engine_snapshot, length) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
