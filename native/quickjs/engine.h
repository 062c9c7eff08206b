// SPDX-License-Identifier: Apache-2.0
#pragma once

// QuickJS set up for one short run. Nothing made here is ever freed: the process ends first.

#include <stdbool.h>

#include <quickjs.h>

// With what the bundle uses of the language, and no more: no eval, since a bundle is bytecode.
JSContext *engine_open(void);

// Runs pending jobs until the promise is settled, or until nothing is left that could settle it.
JSPromiseStateEnum engine_settle(JSContext *context, JSValueConst promise);

// Prints an uncaught exception in one line, or with its stack.
void engine_print_error(JSContext *context, JSValueConst error, bool stack);

// The descriptors 0, 1 and 2 are made to exist, so that no file of ours ever becomes one of them.
int open_standard_descriptors(void);
