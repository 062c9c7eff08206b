// SPDX-License-Identifier: Apache-2.0

/** Which part of the time is seen. */

export interface View {
  /** microseconds */
  readonly from: number;
  readonly to: number;
}

/** Nobody needs to see less than this at once. */
const shortest = 1;

/** The same part, moved and cut so that it lies in the whole. */
export function within({ from, to }: View, total: number): View {
  const length = Math.min(Math.max(to - from, shortest), total);
  const start = Math.min(Math.max(from, 0), total - length);
  return { from: start, to: start + length };
}

/** Larger by a factor (smaller below 1), with what is at `at` staying where it is. */
export function zoomed({ from, to }: View, at: number, factor: number, total: number): View {
  return within({ from: at - (at - from) * factor, to: at + (to - at) * factor }, total);
}

export function moved({ from, to }: View, by: number, total: number): View {
  return within({ from: from + by, to: to + by }, total);
}

/** So that something is seen, with as much again around it. */
export function around(start: number, end: number, total: number): View {
  const room = Math.max((end - start) * 1.5, 4);
  return within({ from: start - room, to: end + room }, total);
}

/** Moments at round numbers, so many at most. */
export function ticks({ from, to }: View, most: number): readonly number[] {
  const least = (to - from) / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= least) ?? least;
  const found: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) found.push(at);
  return found;
}

/** With as many digits as tell it from the next one. */
export function tickText(at: number, step: number): string {
  const [unit, name] = at >= 1e6 ? [1e6, "s"] : at >= 1000 ? [1000, "ms"] : [1, "µs"];
  const digits = Math.max(0, Math.ceil(-Math.log10(step / unit) - 1e-9));
  return `${(at / unit).toFixed(Math.min(digits, 6))} ${name}`;
}
