// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "quickjs.h"

// A function of the host object; see module.c.
JSValue host_execute(JSContext *c, JSValueConst self, int count, JSValueConst *args);
