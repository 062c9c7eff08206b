// SPDX-License-Identifier: Apache-2.0

/** In which order `runts stats` lists containers. */

import type { Usage } from "../lib/container/stats/usage.ts";

/** What each goes by, the greatest first; what is not known comes last, and equals are in the order of their names. */
const figures = {
  name: () => 0,
  cpu: ({ cpu }) => rounded(cpu.percent),
  memory: ({ memory }) => memory.used,
  io: ({ blockIo }) => sum(blockIo.readRate, blockIo.writeRate),
  pids: ({ pids }) => pids.current,
  stall: ({ pressure: { cpu, memory, io } }) => greatest(cpu, memory, io),
} as const satisfies Readonly<Record<string, (usage: Usage) => number | null>>;

export type Order = keyof typeof figures;

export const orders = ["name", "cpu", "memory", "io", "pids", "stall"] as const satisfies readonly Order[];

export const isOrder = (text: string | undefined): text is Order => orders.some((order) => order === text);

/** As it is shown: what differs by less than can be seen must not make lines change places. */
const rounded = (percent: number | null): number | null =>
  percent === null ? null : Math.round(percent * 10) / 10;

const sum = (a: number | null, b: number | null): number | null =>
  a === null && b === null ? null : (a ?? 0) + (b ?? 0);

const greatest = (...parts: readonly (number | null)[]): number | null =>
  parts.every((part) => part === null) ? null : Math.max(...parts.map((part) => part ?? 0));

const byName = (a: Usage, b: Usage): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

export function ordered(rows: readonly Usage[], order: Order, reversed = false): readonly Usage[] {
  const figure = figures[order];
  const sorted = [...rows].sort((a, b) => (figure(b) ?? -1) - (figure(a) ?? -1) || byName(a, b));
  return reversed ? sorted.reverse() : sorted;
}
