// SPDX-License-Identifier: Apache-2.0

// The part of lib/host.ts for what comes after a failure: to look around, to ask what the kernel can, to
// leave a report.

#include "looking.h"

#include "values.h"

JSValue host_look(JSContext *c, JSValueConst self, int count, JSValueConst *args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text root;
    AUTO_TEXT struct text path = {0};
    uint64_t limit;
    if (take_path(c, args[0], &root) < 0 || take_path(c, args[1], &path) < 0 ||
        JS_ToIndex(c, &limit, args[2]) < 0)
        return JS_EXCEPTION;
    struct runts_sight sight;
    struct runts_failure failure;
    if (runts_look(root.data, path.data, limit, &sight, &failure) < 0)
        return throw_failure(c, &failure);
    JSValue content = give_bytes(c, &sight.content), object = JS_NewObject(c);
    if (JS_IsException(object) || set(c, object, "content", content) < 0 ||
        set(c, object, "kind", JS_NewString(c, sight.kind)) < 0 ||
        set(c, object, "mode", JS_NewUint32(c, sight.mode)) < 0 ||
        set(c, object, "uid", JS_NewUint32(c, sight.uid)) < 0 ||
        set(c, object, "gid", JS_NewUint32(c, sight.gid)) < 0 ||
        set(c, object, "mountFlags", JS_NewInt64(c, (int64_t)sight.mount_flags)) < 0 ||
        set(c, object, "fileSystem", JS_NewUint32(c, sight.file_system)) < 0)
        return JS_EXCEPTION;
    return object;
}

JSValue host_probe(JSContext *c, JSValueConst self, int count, JSValueConst *args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text name;
    AUTO_TEXT struct text text = {0};
    uint64_t number;
    if (take_path(c, args[0], &name) < 0 || take_path(c, args[1], &text) < 0 ||
        JS_ToIndex(c, &number, args[2]) < 0)
        return JS_EXCEPTION;
    return JS_NewInt32(c, runts_probe(name.data, text.data, number));
}

JSValue host_new_file(JSContext *c, JSValueConst self, int count, JSValueConst *args)
{
    (void)self, (void)count;
    AUTO_TEXT struct text folder;
    AUTO_TEXT struct text name = {0};
    AUTO_TEXT struct text text = {0};
    if (take_path(c, args[0], &folder) < 0 || take_path(c, args[1], &name) < 0 ||
        take_text(c, args[2], &text) < 0)
        return JS_EXCEPTION;
    struct runts_failure failure;
    if (runts_new_file(folder.data, name.data, text.data, text.length, &failure) < 0)
        return throw_failure(c, &failure);
    return JS_UNDEFINED;
}

JSValue host_system_call(JSContext *c, JSValueConst self, int count, JSValueConst *args)
{
    (void)self, (void)count;
    int32_t number;
    if (JS_ToInt32(c, &number, args[0]) < 0)
        return JS_EXCEPTION;
    char name[64];
    runts_system_call(number, name);
    return JS_NewString(c, name);
}
