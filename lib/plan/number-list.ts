// SPDX-License-Identifier: Apache-2.0

/** "0-2,5" as numbers; the rules have seen to it that they are few. */
export function numbersIn(list = ""): readonly number[] {
  if (list === "") return [];
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}
