// SPDX-License-Identifier: Apache-2.0

/** The table of `runts stats`: aligned, as wide as there is room, coloured only where something is tight. */

import type { Usage } from "../lib/container/stats/usage.ts";
import type { Host } from "../lib/host.ts";

export interface Look {
  /** columns of the terminal; 0 for no limit */
  readonly width: number;
  readonly colour: boolean;
}

/** Colour is for terminals, and for people who have not asked for none (no-color.org). */
export function wantsColour(host: Pick<Host, "isTerminal" | "env">): boolean {
  return host.isTerminal(1) && (host.env("NO_COLOR") ?? "") === "" && host.env("TERM") !== "dumb";
}

interface Column {
  readonly title: string;
  /** so that the table does not jump when figures grow */
  readonly width: number;
  readonly left?: boolean;
  /** those with the highest go first where there is no room; 0 stays */
  readonly drop: number;
  cell(usage: Usage): string;
  /** how much of what there is is used, in percent, to colour by; undefined for no colour */
  tight?(usage: Usage): number | null;
}

const unknown = "-";

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

const percent = (value: number | null): string => (value === null ? unknown : `${value.toFixed(1)}%`);

/** A limit is mostly round, and needs no decimal to stand still. */
const share = (used: string, limit: string): string =>
  limit === unknown ? used : `${used} / ${limit.replace(".0", "")}`;

/** Pressure is felt long before all the time is lost: 10 and 40 percent count as 80 and 95. */
const felt = (stalled: number): number => (stalled >= 40 ? 95 : stalled >= 10 ? 80 : 0);

/** Those that do not run have nothing better to show there. */
const activity = ({ status, cpu }: Usage): string => (status === "running" ? percent(cpu.percent) : status);

/** Of the processor, of memory, of block devices. */
function stalls({ pressure: { cpu, memory, io } }: Usage): string {
  const parts = [cpu, memory, io].map((part) => (part === null ? unknown : part.toFixed(0)));
  return parts.every((part) => part === unknown) ? unknown : `${parts.join("/")}%`;
}

const columns: readonly Column[] = [
  { title: "ID", width: 8, left: true, drop: 0, cell: ({ id }) => id },
  { title: "CPU", width: 7, drop: 0, cell: activity },
  {
    title: "MEMORY",
    width: 12,
    drop: 1,
    cell: ({ memory }) => share(size(memory.used), size(memory.limit)),
    tight: ({ memory }) => memory.percent,
  },
  {
    title: "MEM%",
    width: 6,
    drop: 6,
    cell: ({ memory }) => percent(memory.percent),
    tight: ({ memory }) => memory.percent,
  },
  { title: "READ/s", width: 6, drop: 4, cell: ({ blockIo }) => size(blockIo.readRate) },
  { title: "WRITE/s", width: 7, drop: 4, cell: ({ blockIo }) => size(blockIo.writeRate) },
  { title: "READ", width: 5, drop: 7, cell: ({ blockIo }) => size(blockIo.read) },
  { title: "WRITTEN", width: 7, drop: 7, cell: ({ blockIo }) => size(blockIo.written) },
  {
    title: "PIDS",
    width: 8,
    drop: 2,
    cell: ({ pids }) => share(String(pids.current ?? unknown), String(pids.limit ?? unknown)),
    tight: ({ pids }) => pids.current && pids.limit && (pids.current / pids.limit) * 100,
  },
  {
    title: "STALL C/M/IO",
    width: 12,
    drop: 3,
    cell: stalls,
    tight: ({ pressure: { cpu, memory, io } }) => felt(Math.max(cpu ?? 0, memory ?? 0, io ?? 0)),
  },
];

const gap = "  ";

const paint = (code: number, text: string): string => `\x1b[${code}m${text}\x1b[0m`;

function colourOf(used: number | null | undefined): number | undefined {
  if (used === null || used === undefined || used < 80) return undefined;
  return used < 95 ? 33 : 31; // yellow, red
}

/** A name is cut to so many characters before a column gives way to it. */
const shortName = 12;

/** What there is room for, and how wide each is. */
function fit(rows: readonly Usage[], width: number): readonly { column: Column; width: number }[] {
  const longest = (column: Column) =>
    Math.max(column.width, column.title.length, ...rows.map((row) => column.cell(row).length));
  const [name, ...all] = columns.map((column) => ({ column, width: longest(column) }));
  if (name === undefined || width === 0) return name === undefined ? [] : [name, ...all];
  let others = all;
  const room = () => others.reduce((left, one) => left - one.width - gap.length, width);
  for (let drop = Math.max(...columns.map((column) => column.drop)); drop > 0; drop--)
    if (room() < Math.min(name.width, shortName)) others = others.filter((one) => one.column.drop !== drop);
  return [{ ...name, width: Math.max(1, Math.min(name.width, room())) }, ...others];
}

const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

/** The heading and a line for each container, none longer than the terminal is wide. */
export function statsTable(rows: readonly Usage[], { width, colour }: Look): readonly string[] {
  const fitted = fit(rows, width);
  const line = (cells: readonly { text: string; code?: number | undefined }[]): string => {
    const padded = fitted.map(({ column, width: room }, at) => {
      const { text, code } = cells[at] ?? { text: "" };
      const short = cut(text, room);
      const space = " ".repeat(room - short.length);
      const shown = colour && code !== undefined ? paint(code, short) : short;
      return column.left ? `${shown}${space}` : `${space}${shown}`;
    });
    return padded.join(gap).trimEnd();
  };
  const heading = line(fitted.map(({ column }) => ({ text: column.title, code: 1 })));
  const body = rows.map((row) =>
    line(fitted.map(({ column }) => ({ text: column.cell(row), code: colourOf(column.tight?.(row)) }))),
  );
  return [heading, ...body];
}
