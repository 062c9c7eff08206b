// SPDX-License-Identifier: Apache-2.0

/** Names that the spec does not know, and that surely were meant to be ones it knows: config.md#extensibility. */

import type { Allowed, AllowedRoot } from "../../config/violations.ts";
import type { Json } from "../../host.ts";
import { escapeToken } from "../../json.ts";
import { closest } from "../closest.ts";
import type { Advice } from "../finding.ts";

/** Of other platforms, which config.md knows and Linux does not read. */
const foreign: ReadonlySet<string> = new Set([
  "windows",
  "solaris",
  "vm",
  "zos",
  "freebsd",
  "commandLine",
  "username",
]);

/** Names that mean too many things to tell where they belong. */
const shortest = 6;

/** Where each name is known, lists and maps left out: a name in its wrong object belongs to one place only. */
function homes(root: AllowedRoot): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const look = (node: Allowed, pointer: string): void => {
    const { properties = {} } = node.ref ? { ...root.defs[node.ref], ...node } : node;
    for (const [name, child] of Object.entries(properties)) {
      found.set(name, [...(found.get(name) ?? []), pointer]);
      look(child, `${pointer}/${escapeToken(name)}`);
    }
  };
  look(root, "");
  return found;
}

export function misspelt(document: Json, root: AllowedRoot): readonly Advice[] {
  const advice: Advice[] = [];
  const known = homes(root);
  const unknown = (name: string, pointer: string, siblings: readonly string[]): void => {
    if (foreign.has(name)) return;
    const meant = closest(name, siblings);
    const [home, ...others] = name.length < shortest ? [] : (known.get(name) ?? []);
    const at = `${pointer}/${escapeToken(name)}`;
    const ignored = "is not known here, and ignored";
    if (meant !== undefined)
      advice.push({
        ...{ rule: "misspelt-name", pointer: at, ofName: true, spec: "config.md#extensibility" },
        ...{ message: `"${name}" ${ignored}`, mend: `write "${meant}" if that was meant` },
      });
    else if (home !== undefined && others.length === 0)
      advice.push({
        ...{ rule: "misplaced-name", pointer: at, ofName: true, spec: "config.md#extensibility" },
        ...{
          message: `"${name}" ${ignored}`,
          mend: `put it in ${home === "" ? "the outermost object" : home}`,
        },
      });
  };
  const look = (value: Json, node: Allowed, pointer: string): void => {
    const { properties, each } = node.ref ? { ...root.defs[node.ref], ...node } : node;
    if (Array.isArray(value)) {
      if (each) for (const [i, child] of value.entries()) look(child, each, `${pointer}/${i}`);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const absent = Object.keys(properties ?? {}).filter((name) => !Object.hasOwn(value, name));
    for (const [name, child] of Object.entries(value)) {
      const next = properties && Object.hasOwn(properties, name) ? properties[name] : each;
      if (next) look(child, next, `${pointer}/${escapeToken(name)}`);
      else if (properties) unknown(name, pointer, absent);
    }
  };
  look(document, root, "");
  return advice;
}
