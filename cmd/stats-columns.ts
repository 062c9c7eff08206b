// SPDX-License-Identifier: Apache-2.0

/** The columns of `runts stats`, and how each figure is written. */

import type { Usage } from "../lib/container/stats/usage.ts";
import type { Order } from "./stats-order.ts";

export interface Column {
  readonly title: string;
  /** so that the table does not jump when figures grow */
  readonly width: number;
  readonly left?: boolean;
  /** those with the highest go first where there is no room; 0 stays */
  readonly drop: number;
  /** the order that goes by this column */
  readonly order?: Order;
  /** what is to be read; "" for a bar alone */
  cell(usage: Usage): string;
  /** how much of what there is is used, in percent, to colour by; null for no colour */
  tight?(usage: Usage, processors: number): number | null;
  /** the share is drawn, and not written */
  readonly bar?: true;
}

export const unknown = "-";

/** Three digits and a unit of 1024 of the one before: 0B, 512K, 1.5M, 20.1G. */
export function size(bytes: number | null): string {
  if (bytes === null) return unknown;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < 6) {
    value /= 1024;
    unit++;
  }
  const text = unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1);
  return `${text}${"BKMGTPE"[unit]}`;
}

export const percent = (value: number | null): string => (value === null ? unknown : `${value.toFixed(1)}%`);

/** A limit is mostly round, and needs no decimal to stand still. */
const share = (used: string, limit: string): string =>
  limit === unknown ? used : `${used} / ${limit.replace(/\.0(?=\D)/, "")}`;

const ofLimit = (used: number | null, limit: number | null): number | null =>
  used === null || !limit ? null : (used / limit) * 100;

/** Pressure is felt long before all the time is lost: 10 and 40 percent count as 80 and 95. */
const felt = (stalled: number): number => (stalled >= 40 ? 95 : stalled >= 10 ? 80 : 0);

/** Those that do not run have nothing better to show there. */
const activity = ({ status, cpu }: Usage): string =>
  status === "running" ? share(percent(cpu.percent), percent(cpu.limit)) : status;

/** Of its quota; without one it has no limit to come near to. */
const quotaUsed = ({ cpu }: Usage): number | null => ofLimit(cpu.percent, cpu.limit);

/** Of its quota, or of all processors. */
const processorsUsed = ({ cpu }: Usage, processors: number): number | null =>
  ofLimit(cpu.percent, cpu.limit ?? processors * 100);

const memoryUsed = ({ memory }: Usage): number | null => memory.percent;

/** Of the processor, of memory, of block devices. */
function stalls({ pressure: { cpu, memory, io } }: Usage): string {
  const parts = [cpu, memory, io].map((part) => (part === null ? unknown : part.toFixed(0)));
  return parts.every((part) => part === unknown) ? unknown : `${parts.join("/")}%`;
}

const nothing = (): string => "";

export const columns: readonly Column[] = [
  { title: "ID", width: 8, left: true, drop: 0, order: "name", cell: ({ id }) => id },
  { title: "CPU", width: 7, drop: 0, order: "cpu", cell: activity, tight: quotaUsed },
  { title: "", width: 8, left: true, drop: 6, cell: nothing, tight: processorsUsed, bar: true },
  {
    title: "MEMORY",
    width: 12,
    drop: 1,
    order: "memory",
    cell: ({ memory }) => share(size(memory.used), size(memory.limit)),
    tight: memoryUsed,
  },
  {
    title: "MEM%",
    width: 6,
    drop: 5,
    cell: ({ memory }) => percent(memory.percent),
    tight: memoryUsed,
  },
  { title: "", width: 8, left: true, drop: 6, cell: nothing, tight: memoryUsed, bar: true },
  { title: "READ/s", width: 6, drop: 4, order: "io", cell: ({ blockIo }) => size(blockIo.readRate) },
  { title: "WRITE/s", width: 7, drop: 4, order: "io", cell: ({ blockIo }) => size(blockIo.writeRate) },
  { title: "READ", width: 5, drop: 7, cell: ({ blockIo }) => size(blockIo.read) },
  { title: "WRITTEN", width: 7, drop: 7, cell: ({ blockIo }) => size(blockIo.written) },
  {
    title: "PIDS",
    width: 8,
    drop: 2,
    order: "pids",
    cell: ({ pids }) => share(String(pids.current ?? unknown), String(pids.limit ?? unknown)),
    tight: ({ pids }) => ofLimit(pids.current, pids.limit),
  },
  {
    title: "STALL C/M/IO",
    width: 12,
    drop: 3,
    order: "stall",
    cell: stalls,
    tight: ({ pressure: { cpu, memory, io } }) => felt(Math.max(cpu ?? 0, memory ?? 0, io ?? 0)),
  },
];

/** What says that there is nothing. */
export const isIdle = (text: string): boolean => /^[-0./]*[%B]?$/.test(text);
