// SPDX-License-Identifier: Apache-2.0

import { isSystemFailure } from "../lib/wording.ts";

const EPIPE = 32;

/** Whether who read our output has gone, as head(1) does when it has seen enough: no failure of a command without end. */
export const hasHungUp = (error: unknown): boolean =>
  isSystemFailure(error) && error.syscall === "write" && error.errno === EPIPE && error.path === "1";
