// SPDX-License-Identifier: Apache-2.0

/** The arguments of a step, short enough for a line. */

import type { Json } from "../../host.ts";
import { isObject, writeJson } from "../../json.ts";
import { numberText } from "./bits.ts";
import type { ShownStep } from "./shown.ts";

export interface Lengths {
  /** of a text in characters */
  readonly text: number;
  /** of a list in elements */
  readonly list: number;
}

export const short: Lengths = { text: 72, list: 6 };
export const whole: Lengths = { text: 4096, list: 1024 };

function text(value: string, { text: longest }: Lengths): string {
  const cut = value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
  return /^[\w/.:@+%=,\u2026-]+$/.test(cut) ? cut : JSON.stringify(cut);
}

function show(op: string, name: string, value: Json, lengths: Lengths): string {
  if (typeof value === "number" || typeof value === "bigint") return numberText(op, name, value);
  if (typeof value === "string") return text(value, lengths);
  if (Array.isArray(value)) {
    const shown = value.slice(0, lengths.list).map((item) => show(op, name, item, lengths));
    const more = value.length > lengths.list ? [`… ${value.length} in all`] : [];
    return `[${[...shown, ...more].join(" ")}]`;
  }
  if (isObject(value) && typeof value.bytes === "number") return `${value.bytes} bytes (${value.digest})`;
  return text(writeJson(value), lengths);
}

/** Numbers that say nothing when they are 0. */
const switches: ReadonlySet<string> = new Set([
  ...[
    "attributes",
    "clear",
    "set",
    "setRecursive",
    "clearRecursive",
    "recursive",
    "symlinks",
    "copyUp",
    "inheritMode",
  ],
  ...[
    "plain",
    "intoCgroup",
    "optional",
    "nofollow",
    "replace",
    "attach",
    "apart",
    "bind",
    "listener",
    "terminal",
  ],
  ...["width", "height", "dropGroups", "home", "flags"],
]);

/** An ambient set of nothing is what a program is to have; flags of a mount that are not there are not. */
const isSilent = (op: string, name: string, value: Json): boolean =>
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (value === 0 && switches.has(name)) ||
  (value === -1 && name === "tree") ||
  (op === "makeState" && isObject(value) && Object.keys(value).length === 0);

/** "type=proc destination=/proc". */
export function argumentsText({ op, from: _, ...rest }: ShownStep, lengths: Lengths = short): string {
  return Object.entries(rest)
    .filter(([name, value]) => !isSilent(op, name, value))
    .map(([name, value]) => `${name}=${show(op, name, value, lengths)}`)
    .join(" ");
}
