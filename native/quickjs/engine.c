// SPDX-License-Identifier: Apache-2.0

#include "engine.h"

#include "heap.h"

#include "runts.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int add_intrinsics(JSContext *context)
{
    // No Eval, Proxy, WeakRef, Performance, base64: the bundle uses none of them, and each costs time.
    if (JS_AddIntrinsicBaseObjects(context) < 0 || JS_AddIntrinsicDate(context) < 0 ||
        JS_AddIntrinsicRegExp(context) < 0 || JS_AddIntrinsicJSON(context) < 0 ||
        JS_AddIntrinsicMapSet(context) < 0 || JS_AddIntrinsicTypedArrays(context) < 0)
        return -1;
    return JS_AddIntrinsicPromise(context);
}

JSContext *engine_open(void)
{
    JSRuntime *runtime = JS_NewRuntime2(&heap_functions, NULL);
    if (!runtime)
        return NULL;
    JS_SetGCThreshold(runtime, SIZE_MAX); // cycles are not worth collecting in a run of milliseconds
    JSContext *context = JS_NewContextRaw(runtime);
    return context && add_intrinsics(context) == 0 ? context : NULL;
}

JSPromiseStateEnum engine_settle(JSContext *context, JSValueConst promise)
{
    JSRuntime *runtime = JS_GetRuntime(context);
    JSPromiseStateEnum state;
    while ((state = JS_PromiseState(context, promise)) == JS_PROMISE_PENDING) {
        JSContext *where;
        if (JS_ExecutePendingJob(runtime, &where) <= 0)
            return state;
    }
    return state;
}

void engine_print_error(JSContext *context, JSValueConst error, bool stack)
{
    const char *text = JS_ToCString(context, error);
    JSValue trace = stack && JS_IsError(error) ? JS_GetPropertyStr(context, error, "stack") : JS_UNDEFINED;
    const char *lines = JS_IsString(trace) ? JS_ToCString(context, trace) : NULL;
    char line[1024];
    int length = snprintf(line, sizeof line, "runts: %s", text ? text : "uncaught exception");
    if (!lines)
        for (char *at = line; (at = strchr(at, '\n')) != NULL;)
            *at = ' ';
    struct runts_failure ignored; // there is nowhere left to say that saying it failed
    size_t shown = length < 0 ? 0 : (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
    (void)runts_write(STDERR_FILENO, line, shown, &ignored);
    (void)runts_write(STDERR_FILENO, "\n", 1, &ignored);
    if (lines)
        (void)runts_write(STDERR_FILENO, lines, strlen(lines), &ignored);
}

int open_standard_descriptors(void)
{
    int fd;
    do {
        // The lowest free number is taken, so whichever of the three is closed gets filled. Without
        // O_CLOEXEC: these three are meant to be inherited.
        fd = open("/dev/null", O_RDWR);
        if (fd < 0)
            return -1;
    } while (fd <= STDERR_FILENO);
    return close(fd);
}
