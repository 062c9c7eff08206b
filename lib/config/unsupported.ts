// SPDX-License-Identifier: Apache-2.0

/** What is valid but refused by name, because it is not built yet or because cgroup v2 has nothing like it. */

import { isObject } from "../json.ts";
import { littleEndian, seccompArchitectures } from "../tables/seccomp.ts";
import { unsetSwappiness } from "./rules/cgroup.ts";
import { fault, type Subject } from "./rules/subject.ts";

const version1 = "not set: cgroup v1 only";

/** Whether a value is of those that engines send for "not set". */
function isBlank(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.values(value).every(isBlank);
  return value === "" || value === 0 || value === false;
}

const noLimit = (value: unknown): boolean => value === 0 || value === -1;

type Entry = readonly [path: readonly string[], expected: string, harmless: (value: unknown) => boolean];

const memory = ["linux", "resources", "memory"];
const cpu = ["linux", "resources", "cpu"];

const entries: readonly Entry[] = [
  [["linux", "resources", "network"], version1, isBlank],
  [["linux", "resources", "blockIO", "leafWeight"], version1, isBlank],
  [[...memory, "kernel"], version1, noLimit],
  [[...memory, "kernelTCP"], version1, noLimit],
  [[...memory, "swappiness"], version1, (value) => value === unsetSwappiness],
  [[...memory, "disableOOMKiller"], version1, isBlank],
  // cgroup v2 always counts children
  [[...memory, "useHierarchy"], version1, (value) => value === true],
  [[...cpu, "realtimeRuntime"], version1, noLimit],
  [[...cpu, "realtimePeriod"], version1, isBlank],
];

/** Architectures that the library does not know, or cannot make a filter for beside those of this machine. */
function seccomp(subject: Subject): void {
  for (const [i, name] of (subject.linux.seccomp?.architectures ?? []).entries()) {
    const number = seccompArchitectures[name];
    const pointer = `/linux/seccomp/architectures/${i}`;
    if (number === undefined)
      fault(subject, "unsupported", pointer, "an architecture that libseccomp 2.5 knows");
    else if ((number & littleEndian) === 0)
      fault(subject, "unsupported", pointer, "a little-endian architecture, as this machine's");
  }
}

export function refuseUnsupported(subject: Subject): void {
  for (const [path, expected, harmless] of entries) {
    let value: unknown = subject.config;
    for (let i = 0; i < path.length && value !== undefined; i++)
      value = isObject(value) ? value[path[i] ?? ""] : undefined;
    if (value !== undefined && !harmless(value))
      fault(subject, "unsupported", `/${path.join("/")}`, expected);
  }
  seccomp(subject);
}
