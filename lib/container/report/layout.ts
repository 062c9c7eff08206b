// SPDX-License-Identifier: Apache-2.0

/** JSON that a person can read: what fits into a line takes one. */

import type { Json } from "../../host.ts";
import { isObject, writeJson } from "../../json.ts";

const widest = 116;

/** @param indent of the line that it begins on */
export function layout(value: Json, indent = ""): string {
  const flat = writeJson(value);
  if (indent.length + flat.length <= widest || typeof value !== "object" || value === null) return flat;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${layout(item, inner)}`)
    : Object.entries(value).map(
        ([name, member]) => `${inner}${JSON.stringify(name)}: ${layout(member, inner)}`,
      );
  const [open, close] = isObject(value) ? ["{", "}"] : ["[", "]"];
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}
