// SPDX-License-Identifier: Apache-2.0

import { table } from "./table.ts";

/** Execution domains, from linux/personality.h. */
export const personalityDomains = table<number>({ LINUX: 0x0000, LINUX32: 0x0008 });
