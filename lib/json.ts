// SPDX-License-Identifier: Apache-2.0

/** Reading JSON exactly: no name twice, no integer rounded. Both hosts read the same values. */

import { type Fault, RuntsError } from "./errors.ts";
import type { Host, Json } from "./host.ts";

/** What reading JSON needs of a host. */
export type JsonHost = Pick<Host, "decode" | "scanJson">;

export const isObject = (value: unknown): value is { [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One name or index as it stands in a JSON pointer. */
export const escapeToken = (token: string | number): string =>
  typeof token === "number" ? String(token) : token.replaceAll("~", "~0").replaceAll("/", "~1");

/** A value of a program as JSON has it: what is undefined is left out, what JSON does not have is null. */
export function toJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (isObject(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, toJson(member)]));
  }
  if (typeof value === "string" || typeof value === "boolean") return value;
  return typeof value === "number" || typeof value === "bigint" ? value : null;
}

/** The names and indices of a JSON pointer. */
export function tokensOf(pointer: string): string[] {
  const tokens = pointer.split("/").slice(1);
  return tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value a pointer leads to. */
export function valueAt(value: Json, pointer: string): Json | undefined {
  let at: Json | undefined = value;
  for (const token of tokensOf(pointer)) at = member(at, token);
  return at;
}

function member(value: Json | undefined, token: string): Json | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, token)) return undefined;
  return Array.isArray(value) ? value[Number(token)] : value[token];
}

/** Puts exact integers where JSON.parse rounded: pointer, literal, pointer, literal … */
function restoreIntegers(value: Json, integers: readonly string[]): Json {
  for (let i = 0; i + 1 < integers.length; i += 2) {
    const pointer = integers[i] ?? "";
    const exact = BigInt(integers[i + 1] ?? "");
    if (pointer === "") return exact;
    const cut = pointer.lastIndexOf("/");
    const parent = valueAt(value, pointer.slice(0, cut));
    const [name = ""] = tokensOf(pointer.slice(cut));
    if (Array.isArray(parent)) parent[Number(name)] = exact;
    else if (typeof parent === "object" && parent !== null)
      // not an assignment, which "__proto__" would swallow
      Object.defineProperty(parent, name, {
        value: exact,
        writable: true,
        enumerable: true,
        configurable: true,
      });
  }
  return value;
}

const invalid = (faults: readonly Fault[], cause?: unknown): RuntsError =>
  new RuntsError("invalid", { faults }, cause);

const twice = (pointer: string): Fault => ({
  code: "duplicate",
  pointer,
  expected: "each name once in an object",
});

/** The text of a document and its value. Throws RuntsError "invalid"; `locateFaults` finds the places. */
export function parseJson(host: JsonHost, bytes: Uint8Array): { text: string; value: Json } {
  const { faults, ...parsed } = parseLeniently(host, bytes);
  if (faults.length > 0) throw invalid(faults);
  return parsed;
}

/** The same, where names that are there twice are told beside the value, in which the last of them counts. */
export function parseLeniently(
  host: JsonHost,
  bytes: Uint8Array,
): { text: string; value: Json; faults: readonly Fault[] } {
  let text: string;
  try {
    text = host.decode(bytes);
  } catch (cause) {
    throw invalid([{ code: "syntax", pointer: "", expected: "UTF-8" }], cause);
  }
  let rounded: Json;
  try {
    rounded = JSON.parse(text);
  } catch (cause) {
    throw invalid([{ code: "syntax", pointer: "", expected: "JSON" }], cause);
  }
  const { duplicates, integers } = host.scanJson(bytes);
  const value = integers.length === 0 ? rounded : restoreIntegers(rounded, integers);
  return { text, value, faults: duplicates.map(twice) };
}

/** The value of a document. */
export const readJson = (host: JsonHost, bytes: Uint8Array): Json => parseJson(host, bytes).value;

/** JSON.stringify for values with bigints in them, which become the integers they are. */
export function writeJson(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${writeJson(member)}`).join(",")}}`;
}
