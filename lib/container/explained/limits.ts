// SPDX-License-Identifier: Apache-2.0

/** The cgroup's files beside what create has written to them, as its plan says. */

import type { Config } from "../../config/types.ts";
import { limitSteps, processSteps } from "../../plan/cgroups.ts";
import { type Row, type Seen, verdictOf } from "./row.ts";

/** The kernel counts memory in pages. */
const page = 4096n;

const isNumber = (text: string): boolean => /^\d+$/.test(text);
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Whether a file says what was written to it: to the page, and of files with a line a device in that line. */
function holds(asked: string, found: string): boolean {
  if (words(asked).join(" ") === words(found).join(" ")) return true;
  if (isNumber(asked) && isNumber(found.trim()))
    return (BigInt(asked) / page) * page === BigInt(found.trim());
  const [key, ...values] = words(asked);
  const line = found
    .split("\n")
    .map(words)
    .find(([first]) => first === key);
  // io.max leaves out what is not limited, and adds what is
  return line !== undefined && values.length > 0 && values.every((value) => line.includes(value));
}

export function limitRows({ linux }: Config, seen: Seen): readonly Row[] {
  const { resources } = linux ?? {};
  if (!resources) return [];
  const asked = new Map<string, { file: string; value: string; from: string }>();
  for (const step of [...limitSteps(resources), ...processSteps(resources)]) {
    const { op, from } = step;
    if (op === "writeCgroupEither") {
      const at = step.files.findIndex((file) => seen.cgroup(file) !== undefined);
      const [file = "", value = ""] = [step.files[at] ?? step.files[0], step.values[at] ?? step.values[0]];
      asked.set(`${file} ${words(value)[0]}`, { file, value, from });
    } else if (op === "writeCgroup" || op === "writeCgroupPresent")
      // of several for one device the last counts; a file with one value has one line
      asked.set(words(step.value).length > 1 ? `${step.file} ${words(step.value)[0]}` : step.file, {
        ...{ file: step.file, value: step.value, from },
      });
  }
  return [...asked.values()].map(({ file, value, from }): Row => {
    const found = seen.cgroup(file);
    const base = { part: "cgroup", what: file, from, asked: value };
    if (found === undefined) return { ...base, found: "?", verdict: "unknown", note: "no such file" };
    const verdict = verdictOf(holds(value, found));
    const shown = found.trim().replace(/\n/g, ", ");
    return {
      ...base,
      found: shown,
      verdict,
      ...(verdict === "differs" && { note: "update may have changed it" }),
    };
  });
}
