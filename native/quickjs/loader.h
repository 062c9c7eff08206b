// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <quickjs.h>

// Lets import and import() find the modules inside the executable, and nothing else.
void loader_install(JSContext *context);

// Evaluates the module of that name; its namespace, or JS_EXCEPTION.
JSValue loader_run(JSContext *context, const char *name);
