// SPDX-License-Identifier: Apache-2.0

/** The features structure (features.md, features-linux.md) of the runtime under test. */

import * as v from "valibot";
import { Mismatch, Skip } from "../expect.ts";
import type { JsonObject } from "../stage/pointer.ts";
import { type CallOptions, ending } from "../stage/runtime.ts";
import type { Stage } from "../stage/stage.ts";

const switches = (...names: readonly string[]) => names.map((name) => [name, "boolean"] as const);
const lists = (...names: readonly string[]) => names.map((name) => [name, "list"] as const);
const parts = (...names: readonly string[]) => names.map((name) => [name, "object"] as const);

/** Its properties by JSON pointer, under the version of the spec that brought them. */
export const definitions = {
  // The structure came with 1.1; a runtime that has it and names an older version knows at least these.
  "1.1.0": [
    ["/ociVersionMin", "string"],
    ["/ociVersionMax", "string"],
    ...lists("/hooks", "/mountOptions"),
    ["/annotations", "texts"],
    ...parts("/linux"),
    ...lists("/linux/namespaces", "/linux/capabilities"),
    ...parts("/linux/cgroup"),
    ...switches("/linux/cgroup/v1", "/linux/cgroup/v2", "/linux/cgroup/systemd"),
    ...switches("/linux/cgroup/systemdUser", "/linux/cgroup/rdma"),
    ...parts("/linux/seccomp"),
    ...switches("/linux/seccomp/enabled"),
    ...lists("/linux/seccomp/actions", "/linux/seccomp/operators", "/linux/seccomp/archs"),
    ...lists("/linux/seccomp/knownFlags", "/linux/seccomp/supportedFlags"),
    ...parts("/linux/apparmor", "/linux/selinux", "/linux/intelRdt"),
    ...switches("/linux/apparmor/enabled", "/linux/selinux/enabled", "/linux/intelRdt/enabled"),
  ],
  "1.2.0": [
    ...lists("/potentiallyUnsafeConfigAnnotations"),
    ...parts("/linux/mountExtensions", "/linux/mountExtensions/idmap"),
    ...switches("/linux/mountExtensions/idmap/enabled"),
  ],
  "1.3.0": [
    ...switches("/linux/intelRdt/schemata", "/linux/intelRdt/monitoring"),
    ...parts("/linux/memoryPolicy", "/linux/netDevices"),
    ...lists("/linux/memoryPolicy/modes", "/linux/memoryPolicy/flags"),
    ...switches("/linux/netDevices/enabled"),
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [string, string])[]>>;

type Definition = (typeof definitions)[keyof typeof definitions][number];
export const allDefinitions: readonly Definition[] = Object.values(definitions).flat();

export const shapes = {
  string: v.string(),
  boolean: v.boolean(),
  list: v.array(v.string()),
  object: v.record(v.string(), v.unknown()),
  texts: v.record(v.string(), v.string()),
} as const satisfies Readonly<Record<Definition[1], v.GenericSchema>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value at a pointer; undefined when there is none, or null. */
export function valueAt(structure: JsonObject, pointer: string): unknown {
  const found = pointer
    .slice(1)
    .split("/")
    .reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), structure);
  return found ?? undefined;
}

/** What `features` prints; a runtime without the command provides none, which is its right. */
export async function readFeatures({ runtime }: Stage, options?: CallOptions): Promise<JsonObject> {
  const result = await runtime.plainCall(["features"], options);
  if (result.code !== 0) throw new Skip(`the runtime does not tell its features: ${ending(result)}`);
  try {
    const value: unknown = JSON.parse(result.out);
    if (isObject(value)) return value;
  } catch {
    // what was no JSON is shown below
  }
  throw new Mismatch("what features prints", "a JSON object", result.out.slice(0, 400));
}

async function told<Answer>(
  stage: Stage,
  pointer: string,
  shape: v.GenericSchema<unknown, Answer>,
): Promise<Answer> {
  const value = valueAt(await readFeatures(stage), pointer);
  if (value === undefined) throw new Skip(`the features do not tell ${pointer}`);
  const parsed = v.safeParse(shape, value);
  if (!parsed.success) throw new Mismatch(pointer, "the type of the spec", v.summarize(parsed.issues));
  return parsed.output;
}

/** The names in a list of the structure. */
export const namesIn = (stage: Stage, pointer: string): Promise<readonly string[]> =>
  told(stage, pointer, shapes.list);

/** A switch of the structure. */
export const switchAt = (stage: Stage, pointer: string): Promise<boolean> =>
  told(stage, pointer, shapes.boolean);
