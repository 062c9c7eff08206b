// SPDX-License-Identifier: Apache-2.0

/** The forms in which cgroup v2's files tell figures; admin-guide/cgroup-v2.rst#format. */

/** An unsigned 64-bit integer; a bigint where a double could not hold it exactly. */
export type Figure = number | bigint;

const largest = (1n << 64n) - 1n;

/** What "max" is to those who read runc's stats. */
export const unlimited: Figure = largest;

function exact(value: bigint): Figure {
  if (value > largest) return largest;
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? value : Number(value);
}

export function plus(a: Figure, b: Figure): Figure {
  return exact(BigInt(a) + BigInt(b));
}

export function times(a: Figure, b: number): Figure {
  return exact(BigInt(a) * BigInt(b));
}

/** One value. The kernel has shown negative ones for a moment, which mean nothing: they are 0, as anything else. */
export function figure(text: string | undefined): Figure {
  const digits = (text ?? "").trim();
  if (digits === "max") return unlimited;
  return /^\d{1,20}$/.test(digits) ? exact(BigInt(digits)) : 0;
}

/** "KEY VALUE" lines, as in memory.stat and cgroup.events. */
export function flatKeyed(text = ""): ReadonlyMap<string, Figure> {
  const found = new Map<string, Figure>();
  for (const line of text.split("\n")) {
    const [key = "", value] = line.split(" ");
    if (value !== undefined) found.set(key, figure(value));
  }
  return found;
}

/** "KEY SUB=VALUE SUB=VALUE" lines, as in io.stat. */
export function nestedKeyed(text = ""): readonly (readonly [string, ReadonlyMap<string, string>])[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [key = "", ...pairs] = line.split(" ");
    const values = new Map<string, string>();
    for (const pair of pairs) {
      const at = pair.indexOf("=");
      if (at > 0) values.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return [key, values];
  });
}

/** Of the time that passed: percent that tasks were stalled, as averages over seconds, and microseconds in all. */
export interface Stall {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  readonly total: Figure;
}

/** Pressure stall information, accounting/psi.rst: that some task was stalled, and that all were. */
export interface Pressure {
  readonly some: Stall;
  readonly full: Stall;
}

const noStall: Stall = { avg10: 0, avg60: 0, avg300: 0, total: 0 };

/** A pressure file; undefined without one, where the kernel keeps no account. */
export function pressure(text: string | undefined): Pressure | undefined {
  if (text === undefined) return undefined;
  const found = new Map(
    nestedKeyed(text).map(([key, values]) => {
      const average = (name: string) => Number.parseFloat(values.get(name) ?? "") || 0;
      const stall = { avg10: average("avg10"), avg60: average("avg60"), avg300: average("avg300") };
      return [key, { ...stall, total: figure(values.get("total")) }];
    }),
  );
  // before Linux 5.13 there is no "full" for the processor
  return { some: found.get("some") ?? noStall, full: found.get("full") ?? noStall };
}
