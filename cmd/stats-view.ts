// SPDX-License-Identifier: Apache-2.0

/** What `runts stats` draws on a terminal, and what its keys change: text in, text out. */

import type { Machine } from "../lib/container/stats/machine.ts";
import type { Usage } from "../lib/container/stats/usage.ts";
import { percent, size } from "./stats-columns.ts";
import { type Order, ordered } from "./stats-order.ts";
import { cut, faintly, type Look, statsTable } from "./stats-table.ts";

/** What is looked at. */
export interface View {
  readonly order: Order;
  readonly reversed: boolean;
  /** how many containers are above the first that is drawn */
  readonly first: number;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** q, Ctrl-C, and the end of the input */
const quit = /[qQ\x03\x04]/;

const orderKeys: Readonly<Record<string, Order>> = {
  ...{ n: "name", c: "cpu", m: "memory", i: "io", p: "pids", s: "stall" },
};

/** Title, heading and keys have a line each. */
const roomFor = ({ rows }: Screen): number => Math.max(1, rows - 3);

/** xterm's sequences for arrows and the keys beside them, or one character. */
const keyPattern = /\x1b[[O](?:[ABHF]|[56]~)|./gs;

function moved(key: string, room: number): number {
  switch (key.slice(2)) {
    case "A":
      return -1;
    case "B":
      return 1;
    case "5~":
      return -room;
    case "6~":
      return room;
    case "H":
      return Number.NEGATIVE_INFINITY;
    case "F":
      return Number.POSITIVE_INFINITY;
    default:
      return 0;
  }
}

/** The last line stays the last: no empty room is shown below it. */
const within = (first: number, count: number, room: number): number =>
  Math.max(0, Math.min(first, count - room));

/** What is looked at after these keys; undefined when one of them ends it. */
export function pressed(view: View, keys: string, screen: Screen, count: number): View | undefined {
  const room = roomFor(screen);
  let { order, reversed, first } = view;
  for (const [key] of keys.matchAll(keyPattern)) {
    if (quit.test(key)) return undefined;
    const wanted = orderKeys[key.toLowerCase()];
    if (wanted !== undefined) [order, reversed, first] = [wanted, false, 0];
    else if (key === "r") reversed = !reversed;
    else first = within(first + moved(key, room), count, room);
  }
  return { order, reversed, first };
}

const total = (parts: readonly (number | null)[]): number | null =>
  parts.every((part) => part === null) ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);

/** What all of them use, of what the machine has. */
function title(rows: readonly Usage[], machine: Machine): string {
  const count = `${rows.length} ${rows.length === 1 ? "container" : "containers"}`;
  if (rows.length === 0) return count;
  const cpu = total(rows.map((row) => row.cpu.percent));
  const memory = total(rows.map((row) => row.memory.used));
  const pids = total(rows.map((row) => row.pids.current));
  return [
    count,
    ...(cpu === null ? [] : [`CPU ${percent(cpu)} of ${machine.processors * 100}%`]),
    ...(memory === null ? [] : [`memory ${size(memory)} of ${size(machine.memory)}`]),
    ...(pids === null ? [] : [`${pids} ${pids === 1 ? "process" : "processes"}`]),
  ].join(", ");
}

/** From the first to the last of all, where not all are drawn. */
function keys(view: View, shown: number, count: number, unicode: boolean): string {
  const hints = "q quit  sort: n name, c cpu, m memory, i io, p pids, s stall, r reverse";
  if (shown >= count) return hints;
  const arrows = unicode ? "↑↓" : "arrows";
  return `${view.first + 1}-${view.first + shown} of ${count} (${arrows})  ${hints}`;
}

/** The lines of the screen, as many as it has at most. */
export function screenLines(
  rows: readonly Usage[],
  view: View,
  machine: Machine,
  screen: Screen,
  look: Pick<Look, "colour" | "unicode">,
): readonly string[] {
  const { colour, unicode } = look;
  const width = screen.columns;
  const room = roomFor(screen);
  const first = within(view.first, rows.length, room);
  const all = statsTable(ordered(rows, view.order, view.reversed), {
    ...{ width, colour, unicode, bars: true },
    ...{ processors: machine.processors, order: view.order },
  });
  const [heading = "", ...lines] = all;
  const shown = rows.length === 0 ? ["no container is running"] : lines.slice(first, first + room);
  const aside = (text: string) => {
    const short = cut(text, width, unicode);
    return colour ? faintly(short) : short;
  };
  const below = aside(keys({ ...view, first }, shown.length, rows.length, unicode));
  const filled = [aside(title(rows, machine)), heading, ...shown];
  const space = Math.max(0, screen.rows - filled.length - 1);
  return [...filled, ...new Array<string>(space).fill(""), below].slice(0, screen.rows);
}
