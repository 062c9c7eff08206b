// SPDX-License-Identifier: Apache-2.0

/** How to mend a fault: as exactly as what is known of it allows. */

import { type AllowedRoot, allowedAt } from "../config/violations.ts";
import type { Fault } from "../errors.ts";
import type { Json } from "../host.ts";
import { isObject, tokensOf, valueAt } from "../json.ts";
import { capabilityNumbers } from "../tables/capabilities.ts";
import { table } from "../tables/table.ts";
import { closest } from "./closest.ts";
import { conflictMends } from "./conflict-mends.ts";

/** Members that are missed most, as they are in most configs. */
const usual = table({
  ociVersion: '"1.3.0"',
  root: '{ "path": "rootfs" }',
  path: '"…"',
  cwd: '"/"',
  destination: '"/…"',
  gid: "0",
  uid: "0",
  bundle: '"/…"',
});

function missing({ expected }: Fault): string {
  const [, name, what] = /^"([^"]+)": (.*)$/s.exec(expected) ?? [];
  if (name === undefined) return `add ${expected}`;
  return usual[name] === undefined ? `add "${name}", ${what}` : `add "${name}": ${usual[name]}`;
}

/** What the kernel and other tools call them. */
const synonyms = table({ mnt: "mount", net: "network", pidns: "pid", netns: "network", userns: "user" });

const isNumeric = (text: string): boolean => /^-?\d+$/.test(text.trim());

/** A value of one type written as another. */
function retyped(value: Json | undefined, expected: string): string | undefined {
  if (typeof value === "string") {
    if (/integer/.test(expected) && isNumeric(value)) return `take the quotes off: ${value.trim()}`;
    if (/^true or false/.test(expected) && /^(true|false)$/i.test(value))
      return `take the quotes off: ${value.toLowerCase()}`;
    if (/^an array/.test(expected)) return `put it in brackets: [${JSON.stringify(value)}]`;
  }
  if (/^true or false/.test(expected) && (value === 0 || value === 1))
    return `write ${value === 1 ? "true" : "false"}`;
  if (/^an array/.test(expected) && isObject(value)) return "put it in brackets: [{ … }]";
  const isScalar = typeof value === "number" || typeof value === "bigint" || typeof value === "boolean";
  if (isScalar && /string|path|one of/.test(expected)) return `put it in quotes: "${value}"`;
  return value === null ? "take it out, or give it a value" : undefined;
}

/** The allowed integer next to one out of range. */
function nearestInteger(value: Json | undefined, expected: string): string | undefined {
  const [, low, high] = /^an integer from (-?\d+) to (-?\d+)/.exec(expected) ?? [];
  if (low === undefined || high === undefined) return undefined;
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  return `the nearest that is allowed is ${value < BigInt(low) ? low : high}`;
}

function shaped(value: Json | undefined, expected: string): string | undefined {
  if (typeof value !== "string") return undefined;
  if (expected === "an absolute path") return `begin it with /: ${JSON.stringify(`/${value}`)}`;
  if (expected.includes("SemVer") && /^v?\d+(\.\d+)?$/.test(value)) {
    const parts = value.replace("v", "").split(".");
    return `write all three numbers: "${[...parts, "0", "0"].slice(0, 3).join(".")}"`;
  }
  if (expected === "NAME=value" && value !== "")
    return "write the name, =, and the value, which may be empty";
  return undefined;
}

/** The words that may stand there: what the schema lists, or a table that only a rule reads. */
function wordsFor(fault: Fault, root: AllowedRoot): readonly string[] {
  if (/^\/process\/capabilities\//.test(fault.pointer)) return Object.keys(capabilityNumbers);
  return allowedAt(root, fault.pointer).words ?? [];
}

function syntax({ expected, found = "" }: Fault): string {
  if (expected === "no comment") return "take the comment out: JSON has none";
  if (found === "}" || found === "]") return "take out the comma before it, or write what is missing";
  return `write ${expected}${found === "" ? "" : ` before ${JSON.stringify(found)}, or take that out`}`;
}

const byCode: Readonly<Record<Fault["code"], string>> = {
  syntax: "",
  duplicate: "take one of the two out; of programs that do not refuse this, most take the last",
  type: "write a value of the type that is allowed",
  required: "",
  enum: "write one of the names that are allowed",
  range: "choose a value within the range",
  format: "write it in the form that is allowed",
  conflict: "change it, or what it does not go with",
  unsupported: "take it out",
};

export function mendOf(fault: Fault, value: Json, root: AllowedRoot): string {
  const { code, pointer, expected } = fault;
  if (code === "syntax") return syntax(fault);
  const special = conflictMends.find(([place, of]) => place.test(pointer) && of.test(expected))?.[2];
  if (special !== undefined) return special;
  if (code === "required") return missing(fault);
  const found = valueAt(value, pointer);
  if (code === "enum" && typeof found === "string") {
    const words = wordsFor(fault, root);
    const synonym = synonyms[found];
    const meant = synonym !== undefined && words.includes(synonym) ? synonym : closest(found, words);
    if (meant !== undefined) return `write ${JSON.stringify(meant)}`;
  }
  const name = tokensOf(pointer).at(-1);
  if (code === "format" && name === "") return "give it a name";
  return (
    retyped(found, expected) ?? nearestInteger(found, expected) ?? shaped(found, expected) ?? byCode[code]
  );
}
