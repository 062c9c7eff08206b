// SPDX-License-Identifier: Apache-2.0

/** Annotations such as org.systemd.property.TimeoutStopUSec = "uint64 5000000"; runc's form, GLib's GVariant text. */

import type { Annotations } from "../config/types.ts";
import { type Fault, RuntsError } from "../errors.ts";
import { escapeToken } from "../json.ts";
import { systemdProperty } from "../tables/annotations.ts";
import { systemdProperties } from "../tables/systemd-properties.ts";
import type { Property } from "./scope-limits.ts";

const text = /^(?:@s |string )?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")$/s;
const truth = /^(?:@b |boolean )?(true|false)$/;
const number = /^(?:@[ynqiuxt] |byte |u?int(?:16|32|64) )?([+-]?)(0[xX][\da-fA-F]{1,16}|\d{1,22})$/;
const fraction = /^(?:@d |double )?(\d{1,12})\.(\d{1,6})\d*$/;
const listItem = /\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*(,|$)/sy;

const escaped = /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs;
const letters: Readonly<Record<string, string>> = {
  ...{ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
  "\n": "", // the text goes on in the next line
};
/** Stands for what is no character; D-Bus carries none of these. */
const NUL = "\0";

function characterOf(letter: string | undefined, digits = ""): string {
  if (letter === "u" || letter === "U") return NUL; // and not as many digits as it takes
  if (letter !== undefined) return letters[letter] ?? letter;
  const point = Number.parseInt(digits, 16);
  return point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? NUL : String.fromCodePoint(point);
}

function readText(value: string): string | undefined {
  const [match, single, double] = text.exec(value) ?? [];
  if (match === undefined) return undefined;
  const found = (single ?? double ?? "").replace(
    escaped,
    (_, four?: string, eight?: string, letter?: string) => characterOf(letter, four ?? eight),
  );
  return found.includes(NUL) ? undefined : found;
}

/** As C writes integers: a 0 before the digits makes them octal. */
function readNumber(value: string): bigint | undefined {
  const [match, sign, digits = ""] = number.exec(value) ?? [];
  if (match === undefined || /^0\d*[89]/.test(digits)) return undefined;
  const found = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return sign === "-" ? -found : found;
}

function readList(value: string): readonly string[] | undefined {
  const inner = /^(?:@as )?\[(.*)\]$/s.exec(value)?.[1]?.trim();
  if (inner === undefined || inner === "") return inner === undefined ? undefined : [];
  const items: string[] = [];
  for (listItem.lastIndex = 0; listItem.lastIndex < inner.length; ) {
    const [, item = "", end = ""] = listItem.exec(inner) ?? [];
    const found = readText(item);
    if (found === undefined || (end === "" && listItem.lastIndex < inner.length)) return undefined;
    items.push(found);
  }
  return items;
}

const ranges: Readonly<Record<string, readonly [least: bigint, most: bigint]>> = {
  i: [-(1n << 31n), (1n << 31n) - 1n],
  u: [0n, (1n << 32n) - 1n],
  t: [0n, (1n << 64n) - 1n],
};

function inRange(signature: string, value: bigint | undefined): readonly string[] | undefined {
  const [least, most] = ranges[signature] ?? [0n, 0n];
  return value === undefined || value < least || value > most ? undefined : [`${value}`];
}

/** Values in the form of a Property; undefined when the text is not of that type. */
function readValue(signature: string, value: string): readonly string[] | undefined {
  switch (signature) {
    case "s": {
      const found = readText(value);
      return found === undefined ? undefined : [found];
    }
    case "b": {
      const found = truth.exec(value)?.[1];
      return found === undefined ? undefined : [found === "true" ? "1" : "0"];
    }
    case "as": {
      const found = readList(value);
      return found && [`${found.length}`, ...found];
    }
    default:
      return inRange(signature, readNumber(value));
  }
}

/** Seconds, also with a fraction, in microseconds. */
function readSeconds(value: string): readonly string[] | undefined {
  const [match, whole = "", part = ""] = fraction.exec(value) ?? [];
  const seconds = match === undefined ? readNumber(value) : BigInt(whole);
  return seconds === undefined ? undefined : inRange("t", seconds * 1_000_000n + BigInt(part.padEnd(6, "0")));
}

const kinds: Readonly<Record<string, string>> = {
  s: "a text in quotes",
  b: "true or false",
  as: "a list of texts: ['a.service', 'b.service']",
  i: "a number of 32 bits",
  u: "a number of 32 bits, not negative",
  t: "a number of 64 bits, not negative",
};

/** The property, or what is wrong with it. A name in …Sec takes seconds, for systemd's own in …USec. */
function propertyOf(name: string, value: string): Property | Omit<Fault, "pointer"> {
  const own = name.replace(/([a-z])Sec$/, "$1USec");
  const signature = Object.hasOwn(systemdProperties, own) ? systemdProperties[own] : undefined;
  if (signature === undefined)
    return {
      code: "unsupported",
      found: JSON.stringify(name),
      expected: `one of ${Object.keys(systemdProperties).join(", ")}`,
    };
  const values = own === name ? readValue(signature, value) : readSeconds(value);
  if (values) return [own, signature, ...values];
  const expected = own === name ? (kinds[signature] ?? "") : "a number of seconds";
  return { code: "format", found: JSON.stringify(value), expected };
}

const isProperty = (one: Property | Omit<Fault, "pointer">): one is Property => Array.isArray(one);

/** The properties that the annotations ask for; an "invalid" error with a fault for each that cannot be had. */
export function annotatedProperties(annotations: Annotations = {}): readonly Property[] {
  const faults: Fault[] = [];
  const properties: Property[] = [];
  for (const [key, value] of Object.entries(annotations)) {
    if (!key.startsWith(systemdProperty)) continue;
    const name = key.slice(systemdProperty.length);
    const property = propertyOf(name, value.trim());
    if (isProperty(property)) properties.push(property);
    else faults.push({ pointer: `/annotations/${escapeToken(key)}`, ...property });
  }
  if (faults.length > 0) throw new RuntsError("invalid", { file: "config.json", faults });
  return properties;
}
