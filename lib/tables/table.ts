// SPDX-License-Identifier: Apache-2.0

/** A table that names from a config may index: without a prototype, "constructor" finds nothing. */
export function table<Value>(entries: Record<string, Value>): Readonly<Record<string, Value>> {
  return Object.setPrototypeOf(entries, null);
}
