// SPDX-License-Identifier: Apache-2.0

/** Takes out of a broken config what breaks the schema, so that the rules can look at the rest of it. */

import type { Fault } from "../errors.ts";
import type { Json } from "../host.ts";
import { escapeToken, tokensOf } from "../json.ts";

export interface Pruned {
  readonly value: Json;
  /** the pointer in the whole config of a pointer in what is left */
  original(pointer: string): string;
}

type JsonObject = { [name: string]: Json };

const isRecord = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Puts harmless values for what the schema requires high up, so that not all below is lost. */
function filled(value: Json): JsonObject {
  const config = isRecord(value) ? value : {};
  const { root, process } = config;
  return {
    ociVersion: "1.0.0",
    ...config,
    root: { path: "rootfs", ...(isRecord(root) ? root : {}) },
    ...(isRecord(process) && { process: { cwd: "/", args: ["sh"], ...process } }),
  };
}

/** Taking out a required member breaks its parent in turn; no config nests deeper than this. */
const rounds = 12;

/** Indices, in the whole, of the elements left of each array that lost any, by its pointer in what is left. */
type Kept = Map<string, readonly number[]>;

function without(value: Json, pointer: string, bad: ReadonlySet<string>, left: string, kept: Kept): Json {
  if (Array.isArray(value)) {
    const indices = [...value.keys()].filter((index) => !bad.has(`${pointer}/${index}`));
    if (indices.length < value.length) kept.set(left, indices);
    return indices.map((index, at) =>
      without(value[index] ?? null, `${pointer}/${index}`, bad, `${left}/${at}`, kept),
    );
  }
  if (typeof value !== "object" || value === null) return value;
  const copy: JsonObject = {};
  for (const [name, child] of Object.entries(value)) {
    const token = escapeToken(name);
    if (name === "__proto__" || bad.has(`${pointer}/${token}`)) continue; // no name that a config knows
    copy[name] = without(child, `${pointer}/${token}`, bad, `${left}/${token}`, kept);
  }
  return copy;
}

function restore(pointer: string, kept: Kept): string {
  let left = "";
  let whole = "";
  for (const token of tokensOf(pointer)) {
    const index = kept.get(left)?.[Number(token)];
    left += `/${escapeToken(token)}`;
    whole += `/${index ?? escapeToken(token)}`;
  }
  return whole;
}

/** What is left once `check` finds nothing more. */
export function prune(whole: Json, check: (value: Json) => readonly Fault[]): Pruned {
  let value = filled(whole);
  const history: Kept[] = [];
  for (let round = 0; round < rounds; round++) {
    const faults = check(value);
    if (faults.length === 0) break;
    const kept: Kept = new Map();
    const bad = new Set(faults.map(({ pointer }) => pointer));
    value = filled(without(value, "", bad, "", kept));
    history.push(kept);
  }
  return { value, original: (pointer) => history.reduceRight(restore, pointer) };
}
