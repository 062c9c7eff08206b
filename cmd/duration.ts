// SPDX-License-Identifier: Apache-2.0

import { usageError } from "./flags.ts";

const milliseconds: Readonly<Record<string, number>> = {
  ...{ ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1 },
  ...{ s: 1000, m: 60_000, h: 3_600_000 },
};

/** poll(2) takes an int. */
const longest = 2 ** 31 - 1;

/** A duration as Go's programs read it ("1.5s", "500ms", "1m30s"), in milliseconds; more than none. */
export function duration(flag: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  const found = parts.reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (milliseconds[unit] ?? 0),
    0,
  );
  if (text === "" || parts.map(([part]) => part).join("") !== text || !(found > 0) || found > longest)
    throw usageError(`--${flag}: expected a time such as 5s, 500ms or 1m30s, found ${JSON.stringify(text)}`);
  return found;
}
