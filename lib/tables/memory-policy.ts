// SPDX-License-Identifier: Apache-2.0

import { table } from "./table.ts";

/** Modes of set_mempolicy(2), from linux/mempolicy.h. */
export const memoryModes = table<number>({
  MPOL_DEFAULT: 0,
  MPOL_PREFERRED: 1,
  MPOL_BIND: 2,
  MPOL_INTERLEAVE: 3,
  MPOL_LOCAL: 4,
  MPOL_PREFERRED_MANY: 5, // Linux 5.15
  MPOL_WEIGHTED_INTERLEAVE: 6, // Linux 6.9
});

/** Bits that are added to the mode. */
export const memoryFlags = table<number>({
  MPOL_F_NUMA_BALANCING: 1 << 13, // Linux 5.12
  MPOL_F_RELATIVE_NODES: 1 << 14,
  MPOL_F_STATIC_NODES: 1 << 15,
});

/** As many as any kernel can be configured for: 1 << NODES_SHIFT. */
export const maximumNodes = 1024;
