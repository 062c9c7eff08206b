// SPDX-License-Identifier: Apache-2.0

/** How a write to a cgroup is undone, from what its file said before. */

import type { Step } from "./step.ts";

/** What a file of the cgroup says, without blanks around it; undefined when it is not there or cannot be read. */
export type Reader = (file: string) => string | undefined;

const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");

/** "8:0 rbps=1 wiops=2" with every value replaced by none. */
const withoutLimits = (line: string): string => line.replace(/=\S+/g, "=max");

const defaultWeight = (line: string): string => `${wordsOf(line)[0]} default`;

/**
 * The files with a line for each device or resource, of which one write changes one; and what says that a key
 * without a line has no setting of its own. Documentation/admin-guide/cgroup-v2.rst of Linux.
 */
const keyed: Readonly<Record<string, (written: string) => string>> = {
  "io.max": withoutLimits,
  "io.latency": withoutLimits,
  "io.weight": defaultWeight,
  "io.bfq.weight": defaultWeight,
  "rdma.max": withoutLimits,
  "misc.max": (line) => `${wordsOf(line)[0]} max`,
  "dmem.max": (line) => `${wordsOf(line)[0]} max`,
  "dmem.low": (line) => `${wordsOf(line)[0]} 0`,
  "dmem.min": (line) => `${wordsOf(line)[0]} 0`,
};

function keyedValue(file: string, written: string, before: string): string | undefined {
  const words = wordsOf(written);
  // a weight alone is that of all devices which have none
  const key = words.length === 1 ? "default" : words[0];
  return before.split("\n").find((line) => wordsOf(line)[0] === key) ?? keyed[file]?.(written);
}

/** Controllers that the write enables or disables, the other way round where that changes something. */
function subtreeValue(written: string, before: string): string {
  const enabled = wordsOf(before);
  return wordsOf(written)
    .filter((word) => enabled.includes(word.slice(1)) !== word.startsWith("+"))
    .map((word) => `${word.startsWith("+") ? "-" : "+"}${word.slice(1)}`)
    .join(" ");
}

function valueBefore(file: string, written: string, before: string): string | undefined {
  if (Object.hasOwn(keyed, file)) return keyedValue(file, written, before);
  if (file === "cgroup.subtree_control") return subtreeValue(written, before);
  // "root invalid (why)"
  if (file === "cpuset.cpus.partition") return wordsOf(before)[0];
  return before === "" || before.includes("\n") ? undefined : before;
}

/** Ways to undo a step, the best first; none when nothing can. A way without steps has nothing to do. */
export type Undo = readonly (readonly Step[])[];

/** Inherited from above; as long as there are processes, the kernel takes a set for it but no empty one. */
function restoreInherited(from: string, file: string, read: Reader): Undo {
  const effective = read(`${file}.effective`);
  return [
    [{ op: "writeCgroup", from, file, value: "\n" }],
    ...(effective ? [[{ op: "writeCgroup", from, file, value: effective } satisfies Step]] : []),
  ];
}

/** The weights of devices, which BFQ drops when it is told another default. */
export function deviceWeights(from: string, read: Reader): readonly Step[] {
  const lines = (read("io.bfq.weight") ?? "").split("\n").filter((line) => line.includes(":"));
  return lines.map((value) => ({ op: "writeCgroup", from, file: "io.bfq.weight", value }));
}

/** What else one write of the file changes. */
function sideEffects(
  from: string,
  file: string,
  before: string,
  value: string,
  read: Reader,
): readonly Step[] {
  if (file === "io.bfq.weight" && value.startsWith("default")) return deviceWeights(from, read);
  // one that is idle no more has the default weight
  const weight = file === "cpu.idle" && before === "0" ? read("cpu.weight") : undefined;
  return weight === undefined ? [] : [{ op: "writeCgroup", from, file: "cpu.weight", value: weight }];
}

function restoreFile(from: string, file: string, written: string, read: Reader): Undo {
  const before = read(file);
  if (before === undefined) return [];
  if (before === "" && (file === "cpuset.cpus" || file === "cpuset.mems"))
    return restoreInherited(from, file, read);
  const value = valueBefore(file, written, before);
  if (value === undefined) return [];
  if (value === "" && file === "cgroup.subtree_control") return [[]];
  // an idle group has a weight of its own, which cannot be written
  if (file === "cpu.weight" && read("cpu.idle") === "1") return [[]];
  return [[{ op: "writeCgroup", from, file, value }, ...sideEffects(from, file, before, value, read)]];
}

/** The line of that resource; schemata reads "    L3:0=7ff;1=00f". */
function restoreSchemata(step: Step & { readonly op: "writeResctrl" }, schemata: string): Step | undefined {
  const resource = step.value.split(":")[0]?.trim();
  const line = schemata.split("\n").find((row) => row.split(":")[0]?.trim() === resource);
  return line === undefined ? undefined : { ...step, value: line.trim() };
}

/** How to undo a step, to be asked before it is taken. The schemata are those of the container's class. */
export function restoring(step: Step, read: Reader, schemata = ""): Undo {
  if (step.op === "writeCgroup") return restoreFile(step.from, step.file, step.value, read);
  if (step.op === "writeCgroupPresent" && read(step.file) === undefined) return [[]];
  if (step.op === "writeCgroupPresent") return restoreFile(step.from, step.file, step.value, read);
  if (step.op === "writeCgroupEither") {
    const found = step.files.findIndex((file) => read(file) !== undefined);
    return restoreFile(step.from, step.files[found] ?? "", step.values[found] ?? "", read);
  }
  if (step.op === "writeResctrl") {
    const line = restoreSchemata(step, schemata);
    return line ? [[line]] : [];
  }
  return [[]];
}
