// SPDX-License-Identifier: Apache-2.0

/** What the machine has, for containers without a limit of their own. */

import { type FileHost, readText } from "../controllers.ts";

export interface Machine {
  readonly processors: number;
  /** bytes; null when it is not told */
  readonly memory: number | null;
}

/** How many a list of ranges has: "0-3,7". */
function count(ranges: string): number {
  const counts = ranges.split(",").map((range) => {
    const [first = Number.NaN, last = first] = range.split("-").map(Number);
    return last - first + 1;
  });
  return counts.reduce((sum, one) => sum + one, 0);
}

export function machineOf(host: FileHost): Machine {
  const processors = count(readText(host, "/sys/devices/system/cpu/online") ?? "");
  const [, kibibytes] = /^MemTotal: +(\d+) kB$/m.exec(readText(host, "/proc/meminfo") ?? "") ?? [];
  return {
    processors: processors > 0 ? processors : 1,
    memory: kibibytes === undefined ? null : Number(kibibytes) * 1024,
  };
}
