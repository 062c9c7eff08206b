// SPDX-License-Identifier: Apache-2.0

import { fault, type Subject } from "./subject.ts";

/** What the schema's pattern lets through and no kernel takes: a range that falls, a number that is too high. */
export function numberListRule(
  subject: Subject,
  pointer: string,
  list: string | undefined,
  count: number,
): void {
  if (!list) return;
  for (const range of list.split(",")) {
    const [first = 0, last = first] = range.split("-").map(Number);
    if (last >= count) fault(subject, "range", pointer, `numbers up to ${count - 1}`);
    else if (first > last) fault(subject, "format", pointer, "ranges from the lower to the higher number");
    else continue;
    return; // one fault a place
  }
}
