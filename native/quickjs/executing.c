// SPDX-License-Identifier: Apache-2.0

// The part of lib/host.ts that executes plans.

#include "executing.h"

#include "values.h"

#define WORDS __attribute__((cleanup(runts_free_words)))
#define TRACING __attribute__((cleanup(free_tracing)))
#define OUTCOME __attribute__((cleanup(runts_free_outcome)))

static void free_tracing(struct runts_tracing *tracing)
{
    runts_free_words(&tracing->names);
}

static JSValue give_warnings(JSContext *c, const struct runts_outcome *outcome)
{
    JSValue array = JS_NewArray(c);
    uint32_t length = 0;
    for (size_t i = 0; i < outcome->warning_count && !JS_IsException(array); i++) {
        const struct runts_warning *warning = &outcome->warnings[i];
        if (JS_SetPropertyUint32(c, array, length++, JS_NewInt32(c, warning->process)) < 0 ||
            JS_SetPropertyUint32(c, array, length++, JS_NewInt32(c, warning->step)) < 0 ||
            JS_SetPropertyUint32(c, array, length++, JS_NewInt32(c, warning->error)) < 0 ||
            JS_SetPropertyUint32(c, array, length++, JS_NewString(c, warning->detail)) < 0)
            return JS_EXCEPTION;
    }
    return array;
}

static JSValue give_outcome(JSContext *c, const struct runts_outcome *outcome)
{
    JSValue object = JS_NewObject(c);
    if (JS_IsException(object) || set(c, object, "process", JS_NewInt32(c, outcome->process)) < 0 ||
        set(c, object, "step", JS_NewInt32(c, outcome->step)) < 0 ||
        set(c, object, "syscall", JS_NewString(c, outcome->syscall)) < 0 ||
        set(c, object, "errno", JS_NewInt32(c, outcome->error)) < 0 ||
        set(c, object, "detail", JS_NewString(c, outcome->detail ? outcome->detail : "")) < 0 ||
        set(c, object, "pid", JS_NewInt32(c, outcome->pid)) < 0 ||
        set(c, object, "exitStatus", JS_NewInt32(c, outcome->exit_status)) < 0 ||
        set(c, object, "warnings", give_warnings(c, outcome)) < 0)
        return JS_EXCEPTION;
    if (outcome->events && set(c, object, "events", JS_NewString(c, outcome->events)) < 0)
        return JS_EXCEPTION;
    if (outcome->lines && set(c, object, "lines", JS_NewString(c, outcome->lines)) < 0)
        return JS_EXCEPTION;
    return object;
}

static int take_tracing(JSContext *c, JSValueConst value, struct runts_tracing *tracing)
{
    int64_t since;
    JSValue number = JS_GetPropertyStr(c, value, "since"), list = JS_GetPropertyStr(c, value, "names");
    JSValue lines = JS_GetPropertyStr(c, value, "lines");
    if (JS_IsException(number) || JS_IsException(list) || JS_IsException(lines) ||
        JS_ToInt64(c, &since, number) < 0)
        return -1;
    tracing->since = (uint64_t)since;
    tracing->lines = JS_ToBool(c, lines) == 1;
    int result = take_words(c, list, &tracing->names);
    JS_FreeValue(c, list);
    return result;
}

JSValue host_execute(JSContext *c, JSValueConst self, int count, JSValueConst *args)
{
    (void)self, (void)count;
    WORDS struct runts_words plan = {0};
    TRACING struct runts_tracing tracing = {0};
    if (take_words(c, args[0], &plan) < 0 ||
        (!JS_IsUndefined(args[1]) && take_tracing(c, args[1], &tracing) < 0))
        return JS_EXCEPTION;
    OUTCOME struct runts_outcome outcome = {0};
    runts_execute(&plan, &tracing, &outcome);
    return give_outcome(c, &outcome);
}
