// SPDX-License-Identifier: Apache-2.0

/** Annotations such as org.systemd.property.TimeoutStopUSec = "uint64 5000000"; runc's form, GLib's GVariant text. */

import type { Annotations } from "../config/types.ts";
import { type Fault, RuntsError } from "../errors.ts";
import { escapeToken } from "../json.ts";
import { systemdProperty } from "../tables/annotations.ts";
import { systemdProperties } from "../tables/systemd-properties.ts";
import type { Property } from "./scope-limits.ts";

const text = /^(?:@s )?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")$/;
const number = /^(?:@[iutx] |(?:int|uint)(?:16|32|64) )?(-?\d{1,20})$/;
const seconds = /^(?:(?:int|uint)(?:16|32|64) |double )?(\d{1,12})(?:\.(\d{1,6}))?$/;
const listItem = /\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*(,|$)/y;

function readText(value: string): string | undefined {
  const [match, single, double] = text.exec(value) ?? [];
  return match === undefined ? undefined : (single ?? double ?? "").replace(/\\(.)/g, "$1");
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

/** Values in the form of a Property; undefined when the text is not of that type. */
function readValue(signature: string, value: string): readonly string[] | undefined {
  switch (signature) {
    case "s": {
      const found = readText(value);
      return found === undefined ? undefined : [found];
    }
    case "b":
      return value === "true" ? ["1"] : value === "false" ? ["0"] : undefined;
    case "as": {
      const found = readList(value);
      return found && [`${found.length}`, ...found];
    }
    default: {
      const found = number.exec(value)?.[1];
      return found === undefined || (found.startsWith("-") && signature !== "i") ? undefined : [found];
    }
  }
}

const kinds: Readonly<Record<string, string>> = {
  s: "a text in single quotes",
  b: "true or false",
  as: "a list of texts: ['a.service', 'b.service']",
};

/** A name in …Sec takes seconds, for systemd's own in …USec. */
function propertyOf(name: string, value: string): Property | string {
  const inMicroseconds = name.replace(/([a-z])Sec$/, "$1USec");
  const signature = Object.hasOwn(systemdProperties, inMicroseconds)
    ? systemdProperties[inMicroseconds]
    : undefined;
  if (signature === undefined) return `one of ${Object.keys(systemdProperties).join(", ")}`;
  if (inMicroseconds === name) {
    const values = readValue(signature, value);
    return values ? [name, signature, ...values] : (kinds[signature] ?? "a number");
  }
  const [match, whole = "0", part = ""] = seconds.exec(value) ?? [];
  if (match === undefined) return "a number of seconds";
  return [inMicroseconds, signature, `${BigInt(whole) * 1_000_000n + BigInt(part.padEnd(6, "0"))}`];
}

/** The properties that the annotations ask for; an "invalid" error with a fault for each that cannot be had. */
export function annotatedProperties(annotations: Annotations = {}): readonly Property[] {
  const faults: Fault[] = [];
  const properties: Property[] = [];
  for (const [key, value] of Object.entries(annotations)) {
    if (!key.startsWith(systemdProperty)) continue;
    const name = key.slice(systemdProperty.length);
    const property = propertyOf(name, value.trim());
    if (typeof property !== "string") properties.push(property);
    else
      faults.push({
        code: Object.hasOwn(systemdProperties, name) ? "format" : "unsupported",
        pointer: `/annotations/${escapeToken(key)}`,
        found: JSON.stringify(Object.hasOwn(systemdProperties, name) ? value : name),
        expected: property,
      });
  }
  if (faults.length > 0) throw new RuntsError("invalid", { file: "config.json", faults });
  return properties;
}
