// SPDX-License-Identifier: Apache-2.0

/** The resctrl file system, where a processor with Intel RDT (or its like) has one and it is mounted. */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import type { Need } from "../case.ts";

const mounted = () =>
  readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .find((line) => line.includes(" - resctrl "))
    ?.split(" ")[4];

/** Where it is mounted; for cases that need it. */
export function resctrlFolder(): string {
  const folder = mounted();
  if (folder === undefined) throw new Error("no resctrl file system is mounted");
  return folder;
}

export const resctrl: Need = () =>
  mounted() === undefined ? "no resctrl file system is mounted" : undefined;

const lines = (text: string) => text.split("\n").map((line) => line.trim());

/** The line of a schemata file for L3 or MB: its numbers by domain. */
export type Schema = ReadonlyMap<string, number>;
export type Resource = "L3" | "MB";

const base = (resource: Resource) => (resource === "L3" ? 16 : 10);

/** undefined when the class has no such resource. The kernel pads with zeros: compare the numbers. */
export function schemaOf(folder: string, resource: Resource): Schema | undefined {
  const line = lines(readFileSync(`${folder}/schemata`, "utf8")).find((text) =>
    text.startsWith(`${resource}:`),
  );
  const entries = line?.slice(resource.length + 1).split(";") ?? [];
  return line === undefined
    ? undefined
    : new Map(
        entries.map((entry) => {
          const [domain = "", value = ""] = entry.split("=");
          return [domain, Number.parseInt(value, base(resource))];
        }),
      );
}

/** As a config has it. */
export const schemaText = (resource: Resource, schema: Schema): string =>
  `${resource}:${[...schema].map(([domain, value]) => `${domain}=${value.toString(base(resource))}`).join(";")}`;

export const allocates =
  (resource: Resource): Need =>
  (host) =>
    resctrl(host) ??
    (schemaOf(resctrlFolder(), resource) ? undefined : `the processor does not allocate ${resource}`);

/** About half of what the default class has, on every domain: the lower bits of a mask, or of the bandwidth. */
export function half(resource: Resource): Schema {
  const whole = schemaOf(resctrlFolder(), resource) ?? new Map<string, number>();
  const less = (value: number) => (resource === "MB" ? 50 : 2 ** Math.ceil(value.toString(2).length / 2) - 1);
  return new Map([...whole].map(([domain, value]) => [domain, less(value)]));
}

export const whole = (resource: Resource): Schema => schemaOf(resctrlFolder(), resource) ?? new Map();

/** The pids in a folder's tasks, as we see them. */
export const tasksOf = (folder: string): readonly number[] =>
  lines(readFileSync(`${folder}/tasks`, "utf8"))
    .filter(Boolean)
    .map(Number);

/** Every class and monitoring group with the schemata that it has. */
export function wholeTree(folder = resctrlFolder()): Readonly<Record<string, string>> {
  const own = existsSync(`${folder}/schemata`) ? readFileSync(`${folder}/schemata`, "utf8") : "";
  const below = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["info", "mon_data"].includes(entry.name))
    .map(({ name }) => wholeTree(`${folder}/${name}`));
  return Object.assign({ [folder]: own }, ...below);
}

/** A class of the case while `work` goes on: `made` by the case itself, or maybe by the runtime. */
export async function withClass<T>(
  name: string,
  made: boolean,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = `${resctrlFolder()}/${name}`;
  if (made) mkdirSync(folder);
  try {
    return await work(folder);
  } finally {
    if (existsSync(folder)) rmdirSync(folder);
  }
}
