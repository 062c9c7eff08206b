// SPDX-License-Identifier: Apache-2.0

/** The table of `runts stats`: aligned, as wide as there is room. */

import type { Usage } from "../lib/container/stats/usage.ts";
import type { Host } from "../lib/host.ts";
import { type Column, columns, isIdle } from "./stats-columns.ts";
import type { Order } from "./stats-order.ts";

export interface Look {
  /** columns of the terminal; 0 for no limit */
  readonly width: number;
  readonly colour: boolean;
  /** characters beyond ASCII can be shown */
  readonly unicode: boolean;
  /** shares are drawn as bars */
  readonly bars: boolean;
  /** how many the machine has: what a container without a quota may use */
  readonly processors: number;
  /** the column whose heading is marked */
  readonly order?: Order;
}

/** Colour is for terminals, and for people who have not asked for none (no-color.org). */
export function wantsColour(host: Pick<Host, "isTerminal" | "env">): boolean {
  return host.isTerminal(1) && (host.env("NO_COLOR") ?? "") === "" && host.env("TERM") !== "dumb";
}

/** locale(7): the first of these that is set decides. */
export function hasUnicode({ env }: Pick<Host, "env">): boolean {
  return /utf-?8/i.test(env("LC_ALL") || env("LC_CTYPE") || env("LANG") || "");
}

const [bold, faint, reverse, red, green, yellow] = [1, 2, 7, 31, 32, 33];

export const paint = (code: number | string, text: string): string => `\x1b[${code}m${text}\x1b[0m`;

export const faintly = (text: string): string => paint(faint, text);

function warning(used: number | null): number | undefined {
  if (used === null || used < 80) return undefined;
  return used < 95 ? yellow : red;
}

/** A name is cut to so many characters before a column gives way to it. */
const shortName = 12;

const gap = "  ";

interface Fitted {
  readonly column: Column;
  readonly width: number;
}

/** What there is room for, and how wide each is. */
function fit(rows: readonly Usage[], { width, bars }: Look): readonly Fitted[] {
  const longest = (column: Column) =>
    Math.max(column.width, column.title.length, ...rows.map((row) => column.cell(row).length));
  const wanted = columns.filter((column) => bars || !column.bar);
  const [name, ...all] = wanted.map((column) => ({ column, width: longest(column) }));
  if (name === undefined || width === 0) return name === undefined ? [] : [name, ...all];
  let others = all;
  const room = () => others.reduce((left, one) => left - one.width - gap.length, width);
  for (let drop = Math.max(...columns.map((column) => column.drop)); drop > 0; drop--)
    if (room() < Math.min(name.width, shortName)) others = others.filter((one) => one.column.drop !== drop);
  return [{ ...name, width: Math.max(1, Math.min(name.width, room())) }, ...others];
}

/** No longer than that, with a sign where something is missing. */
export const cut = (text: string, width: number, unicode: boolean): string =>
  text.length > width ? `${text.slice(0, width - 1)}${unicode ? "…" : "~"}` : text;

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A share drawn over so many characters, and the rest of them. */
function bar(share: number, width: number, unicode: boolean): readonly [drawn: string, rest: string] {
  const parts = unicode ? 8 : 1;
  // what is there at all can be seen
  const least = share > 0 ? 1 : 0;
  const filled = Math.max(least, Math.round((Math.min(share, 100) / 100) * width * parts));
  const whole = Math.floor(filled / parts);
  const drawn = (unicode ? "█" : "#").repeat(whole) + (eighths[filled % parts] ?? "");
  return [drawn, (unicode ? "·" : ".").repeat(width - drawn.length)];
}

function barCell({ column, width }: Fitted, row: Usage, { colour, unicode, processors }: Look): string {
  const share = column.tight?.(row, processors) ?? null;
  if (share === null) return " ".repeat(width);
  const [drawn, rest] = bar(share, width, unicode);
  return colour ? `${paint(warning(share) ?? green, drawn)}${faintly(rest)}` : `${drawn}${rest}`;
}

function padded(
  { column, width }: Fitted,
  text: string,
  code: number | string | undefined,
  look: Look,
): string {
  const short = cut(text, width, look.unicode);
  const space = " ".repeat(width - short.length);
  const shown = look.colour && code !== undefined && short !== "" ? paint(code, short) : short;
  return column.left ? `${shown}${space}` : `${space}${shown}`;
}

function cellOf(fitted: Fitted, row: Usage, look: Look): string {
  const { column } = fitted;
  if (column.bar) return barCell(fitted, row, look);
  const text = column.cell(row);
  const code = warning(column.tight?.(row, look.processors) ?? null);
  return padded(fitted, text, code ?? (isIdle(text) ? faint : undefined), look);
}

/** The heading and a line for each container, none longer than the terminal is wide. */
export function statsTable(rows: readonly Usage[], look: Look): readonly string[] {
  const fitted = fit(rows, look);
  const marked = (column: Column) => look.order !== undefined && column.order === look.order;
  const heading = fitted.map((one) =>
    padded(one, one.column.title, marked(one.column) ? `${bold};${reverse}` : bold, look),
  );
  const body = rows.map((row) => fitted.map((one) => cellOf(one, row, look)));
  return [heading, ...body].map((cells) => cells.join(gap).trimEnd());
}
