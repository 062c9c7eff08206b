// SPDX-License-Identifier: Apache-2.0

/** Several containers at once, by a pattern of their ids: crun's `--regex`. */

import { RuntsError } from "../errors.ts";
import { wording } from "../wording.ts";
import { idsBelow } from "./list.ts";
import type { Runtime } from "./runtime.ts";

function compiled(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RuntsError("usage", { detail: `--regex ${JSON.stringify(pattern)}: ${detail}` });
  }
}

/**
 * Does it to each container whose id the pattern matches anywhere, as regexec(3) does; none is no error. One that
 * fails keeps nobody from the others: the first failure is thrown in the end, further ones are warned of.
 */
export function eachMatching(runtime: Runtime, pattern: string, act: (id: string) => void): void {
  const expression = compiled(pattern);
  const failures: unknown[] = [];
  for (const id of idsBelow(runtime)) {
    if (!expression.test(id)) continue;
    try {
      act(id);
    } catch (error) {
      failures.push(error);
    }
  }
  const [first, ...others] = failures;
  for (const error of others) runtime.warn(wording(error));
  if (first !== undefined) throw first;
}
