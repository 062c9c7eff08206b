// SPDX-License-Identifier: Apache-2.0

/** Expectations of cases: each says what was looked at, what it must be and what it is. */

import { isDeepStrictEqual } from "node:util";

/** What a runtime did otherwise than the clause asks. */
export class Mismatch extends Error {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;

  constructor(what: string, expected: string, seen: string) {
    super(`${what}: expected ${expected}, saw ${seen}`);
    this.what = what;
    this.expected = expected;
    this.seen = seen;
  }
}

/** The case cannot be judged on this host or with this runtime, for a reason found on the way. */
export class Skip extends Error {}

export const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

/** Deep equality; `what` names the thing: "mode of /dev/null". */
export function equal(what: string, seen: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(seen, expected)) throw new Mismatch(what, shown(expected), shown(seen));
}

/** A condition in words: `holds("descriptors", fds, "none but 0, 1 and 2", …)`. */
export function holds(what: string, seen: unknown, expected: string, condition: boolean): asserts condition {
  if (!condition) throw new Mismatch(what, expected, shown(seen));
}

/** The thing is there; returns it. */
export function present<T>(what: string, seen: T | null | undefined): T {
  if (seen === null || seen === undefined) throw new Mismatch(what, "to be there", "nothing");
  return seen;
}

export function contains<T>(what: string, seen: readonly T[], expected: T): void {
  if (!seen.some((item) => isDeepStrictEqual(item, expected))) {
    throw new Mismatch(what, `${shown(expected)} among them`, shown(seen));
  }
}

/** Both lists hold the same things, in whatever order. */
export function sameMembers(what: string, seen: readonly unknown[], expected: readonly unknown[]): void {
  const sorted = (list: readonly unknown[]) => list.map(shown).sort();
  equal(what, sorted(seen), sorted(expected));
}

/** A call inside the container succeeded, or failed with one of the errnos. */
export function outcomeIs(
  what: string,
  seen: { readonly ok: boolean; readonly errno?: string | undefined },
  ...expected: readonly ("ok" | (string & {}))[]
): void {
  const word = seen.ok ? "ok" : (seen.errno ?? "an error");
  if (!expected.includes(word)) throw new Mismatch(what, expected.join(" or "), word);
}
