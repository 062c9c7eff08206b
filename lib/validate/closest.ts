// SPDX-License-Identifier: Apache-2.0

import { distance, closest as nearest } from "fastest-levenshtein";

/** What a word was surely meant to be: undefined when nothing is so near that it could be a slip. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const small = word.toLowerCase();
  const same = candidates.find((candidate) => candidate.toLowerCase() === small);
  if (same !== undefined) return same;
  // a name without what all of its kind begin with: NOFILE, SYS_ADMIN, ALLOW
  const ending = candidates.find((candidate) => candidate.toLowerCase().endsWith(`_${small}`));
  if (ending !== undefined) return ending;
  if (word.length < 3 || candidates.length === 0) return undefined;
  const byCase = new Map(candidates.map((candidate) => [candidate.toLowerCase(), candidate]));
  const found = nearest(small, [...byCase.keys()]);
  const slips = word.length < 6 ? 1 : word.length < 12 ? 2 : 3;
  return distance(small, found) <= slips ? byCase.get(found) : undefined;
}
