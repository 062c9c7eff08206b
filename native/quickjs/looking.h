// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "quickjs.h"

// Functions of the host object; see module.c.
JSValue host_look(JSContext *c, JSValueConst self, int count, JSValueConst *args);
JSValue host_probe(JSContext *c, JSValueConst self, int count, JSValueConst *args);
JSValue host_system_call(JSContext *c, JSValueConst self, int count, JSValueConst *args);
JSValue host_new_file(JSContext *c, JSValueConst self, int count, JSValueConst *args);
