// SPDX-License-Identifier: Apache-2.0

import type { Host } from "./host.ts";

/** Made in C, whole: see native/quickjs/module.c. */
declare const __runtsHost: Host;

export const host: Host = __runtsHost;
