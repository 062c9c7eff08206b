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
  // inherited from above; a write of nothing would be none
  if (before === "" && file.startsWith("cpuset.")) return "\n";
  return before === "" || before.includes("\n") ? undefined : before;
}

function restoreFile(from: string, file: string, written: string, read: Reader): readonly Step[] | undefined {
  const before = read(file);
  if (before === undefined) return undefined;
  const value = valueBefore(file, written, before);
  if (value === undefined) return undefined;
  if (value === "" && file === "cgroup.subtree_control") return [];
  const restored: Step = { op: "writeCgroup", from, file, value };
  const idle = read("cpu.idle");
  // an idle group has a weight of its own, which cannot be written
  if (file === "cpu.weight" && idle === "1") return [];
  if (file !== "cpu.idle" || before === "1") return [restored];
  // one that is idle no more has the default weight
  const weight = read("cpu.weight");
  return weight === undefined
    ? [restored]
    : [restored, { op: "writeCgroup", from, file: "cpu.weight", value: weight }];
}

/** The line of that resource; schemata reads "    L3:0=7ff;1=00f". */
function restoreSchemata(step: Step & { readonly op: "writeResctrl" }, schemata: string): Step | undefined {
  const resource = step.value.split(":")[0]?.trim();
  const line = schemata.split("\n").find((row) => row.split(":")[0]?.trim() === resource);
  return line === undefined ? undefined : { ...step, value: line.trim() };
}

/**
 * The steps that undo one, to be made before it is taken; undefined when nothing can. The schemata are those of
 * the container's class.
 */
export function restoring(step: Step, read: Reader, schemata = ""): readonly Step[] | undefined {
  if (step.op === "writeCgroup") return restoreFile(step.from, step.file, step.value, read);
  if (step.op === "writeCgroupEither") {
    const found = step.files.findIndex((file) => read(file) !== undefined);
    return restoreFile(step.from, step.files[found] ?? "", step.values[found] ?? "", read);
  }
  if (step.op === "writeResctrl") {
    const line = restoreSchemata(step, schemata);
    return line && [line];
  }
  return [];
}
