// SPDX-License-Identifier: Apache-2.0

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Looks until the condition holds; whether it did within the time. */
export function waitFor(holds: () => boolean, milliseconds = 5000): boolean {
  const end = Date.now() + milliseconds;
  while (!holds()) {
    if (Date.now() > end) return false;
    Atomics.wait(cell, 0, 0, 2);
  }
  return true;
}
