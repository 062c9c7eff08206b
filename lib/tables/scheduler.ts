// SPDX-License-Identifier: Apache-2.0

import { table } from "./table.ts";

/** From linux/sched.h. There is no SCHED_ISO: its number is kept free, no kernel has ever taken it. */
export const schedulerPolicies = table<number>({
  SCHED_OTHER: 0,
  SCHED_FIFO: 1,
  SCHED_RR: 2,
  SCHED_BATCH: 3,
  SCHED_IDLE: 5,
  SCHED_DEADLINE: 6,
});

/** sched_flags of sched_setattr(2). */
export const schedulerFlags = table<number>({
  SCHED_FLAG_RESET_ON_FORK: 0x01,
  SCHED_FLAG_RECLAIM: 0x02,
  SCHED_FLAG_DL_OVERRUN: 0x04,
  SCHED_FLAG_KEEP_POLICY: 0x08,
  SCHED_FLAG_KEEP_PARAMS: 0x10,
  SCHED_FLAG_UTIL_CLAMP_MIN: 0x20,
  SCHED_FLAG_UTIL_CLAMP_MAX: 0x40,
});

/** From linux/ioprio.h. */
export const ioClasses = table<number>({
  IOPRIO_CLASS_RT: 1,
  IOPRIO_CLASS_BE: 2,
  IOPRIO_CLASS_IDLE: 3,
});

/** Where the class stands in the number that ioprio_set(2) takes. */
export const ioClassShift = 13;
