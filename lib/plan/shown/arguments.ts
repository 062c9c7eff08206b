// SPDX-License-Identifier: Apache-2.0

/** The arguments of a step, short enough for a line. */

import type { Json } from "../../host.ts";
import { isObject, writeJson } from "../../json.ts";
import { namespaceFlags } from "../../tables/namespaces.ts";
import type { ShownStep } from "./shown.ts";

const [longestText, longestList] = [72, 6];

/** Numbers that are sets of bits. */
const bits: ReadonlySet<string> = new Set([
  ...["flags", "set", "clear", "setRecursive", "clearRecursive", "attributes", "propagation"],
  ...["keep", "permitted", "effective", "inheritable", "persona"],
]);

function number(value: number | bigint, name: string): string {
  if (name === "mode" || name === "mask") return `0${value.toString(8)}`;
  return bits.has(name) && value > 9 ? `0x${value.toString(16)}` : String(value);
}

/** CLONE_NEW* of clone3(2), by the spec's words. */
function namespaces(value: Json): string | undefined {
  if (typeof value !== "number") return undefined;
  const names = Object.entries(namespaceFlags).filter(([, flag]) => (value & flag) !== 0);
  const rest = names.reduce((left, [, flag]) => left & ~flag, value);
  const words = [...names.map(([name]) => name), ...(rest === 0 ? [] : [`0x${(rest >>> 0).toString(16)}`])];
  return words.length === 0 ? "none" : words.join("+");
}

function text(value: string): string {
  const short = value.length > longestText ? `${value.slice(0, longestText - 1)}…` : value;
  return /^[\w/.:@+%=,…-]+$/.test(short) ? short : JSON.stringify(short);
}

function show(value: Json, name: string): string {
  if (typeof value === "number" || typeof value === "bigint") return number(value, name);
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, longestList).map((item) => show(item, name));
    const more = value.length > longestList ? [`… ${value.length} in all`] : [];
    return `[${[...shown, ...more].join(" ")}]`;
  }
  if (isObject(value) && typeof value.bytes === "number") return `${value.bytes} bytes (${value.digest})`;
  return text(writeJson(value));
}

/** Without those that say nothing: what is off, empty or none. */
const isSilent = (value: Json): boolean =>
  value === 0 || value === "" || (Array.isArray(value) && value.length === 0);

/** "destination=/proc type=proc"; the names of steps that speak for themselves are left out. */
export function argumentsText({ op, from: _, ...rest }: ShownStep): string {
  const shown = Object.entries(rest).flatMap(([name, value]): string[] => {
    if (isSilent(value)) return [];
    const special = op === "cloneInit" && name === "flags" ? namespaces(value) : undefined;
    return [`${name}=${special ?? show(value, name)}`];
  });
  return shown.join(" ");
}
