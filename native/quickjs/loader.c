// SPDX-License-Identifier: Apache-2.0

// Modules come from the executable's own bytecode by exact name. There is no path, no search and no
// compiler behind an import.

#include "loader.h"

#include "engine.h"

#include <string.h>

#include "modules.h"

static const struct embedded_module *find(const char *name)
{
    for (size_t i = 0; i < sizeof embedded_modules / sizeof *embedded_modules; i++)
        if (strcmp(embedded_modules[i].name, name) == 0)
            return &embedded_modules[i];
    return NULL;
}

// All chunks lie in one folder, so "./name" is "name" wherever it is said.
static char *normalize(JSContext *context, const char *base, const char *name, void *opaque)
{
    (void)base;
    (void)opaque;
    return js_strdup(context, strncmp(name, "./", 2) == 0 ? name + 2 : name);
}

static JSModuleDef *load(JSContext *context, const char *name, void *opaque)
{
    (void)opaque;
    const struct embedded_module *module = find(name);
    if (!module) {
        JS_ThrowReferenceError(context, "no module %s", name);
        return NULL;
    }
    JSValue value =
        JS_ReadObject(context, embedded_bytecode + module->offset, module->length, JS_READ_OBJ_BYTECODE);
    if (JS_IsException(value))
        return NULL;
    JSModuleDef *loaded = JS_VALUE_GET_PTR(value);
    JS_FreeValue(context, value); // the context holds every module it has read
    return loaded;
}

void loader_install(JSContext *context)
{
    JS_SetModuleLoaderFunc(JS_GetRuntime(context), normalize, load, NULL);
}

JSValue loader_run(JSContext *context, const char *name)
{
    JSModuleDef *module = load(context, name, NULL);
    if (!module)
        return JS_EXCEPTION;
    JSValue value = JS_MKPTR(JS_TAG_MODULE, module);
    if (JS_ResolveModule(context, value) < 0)
        return JS_EXCEPTION;
    JSValue promise = JS_EvalFunction(context, JS_DupValue(context, value));
    if (JS_IsException(promise))
        return promise;
    if (engine_settle(context, promise) == JS_PROMISE_REJECTED)
        return JS_Throw(context, JS_PromiseResult(context, promise));
    return JS_GetModuleNamespace(context, module);
}
