// SPDX-License-Identifier: Apache-2.0

/** The cgroup's files beside what create has written to them, as its plan says. */

import type { Config } from "../../config/types.ts";
import { limitSteps, processSteps } from "../../plan/limits.ts";
import { amount } from "../../plan/scope-limits.ts";
import { type Row, type Seen, verdictOf } from "./row.ts";

/** The kernel counts memory in pages, and knows no limit of more than these bytes. */
const page = 4096n;
const most = 2n ** 63n - page;

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

function isAmount(asked: string, found: string): boolean {
  const [wanted, present] = [amount(asked), amount(found)];
  if (wanted === undefined || present === undefined) return false;
  const pages = (BigInt(wanted) / page) * page;
  return pages === BigInt(present) || (found === "max" && pages >= most);
}

/** Whether a file says what was written to it: to the page, and of files with a line a device in that line. */
function holds(asked: string, found: string): boolean {
  const [[key = "", ...values], [first = "", ...others]] = [words(asked), words(found)];
  if ([key, ...values].join(" ") === [first, ...others].join(" ")) return true;
  // cpu.max has a period, too; io.weight says that it is the one for all devices
  if (values.length === 0)
    return (
      isAmount(key, others.length === 0 ? first : "") || key === (first === "default" ? others[0] : first)
    );
  const line = found
    .split("\n")
    .map(words)
    .find(([name]) => name === key);
  // io.max leaves out what is not limited, and adds what is
  return values.every((value) => (line ? line.includes(value) : value.endsWith("=max")));
}

/** What a write is about: of several for one thing the last counts. */
function subject(file: string, value: string): string {
  const [first = "", ...others] = words(value);
  // "50000 100000" is one value, "8:0 rbps=1" one of a device
  return others.length === 0 || amount(first) !== undefined ? file : `${file} ${first}`;
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
      asked.set(subject(file, value), { file, value, from });
    } else if ((op === "writeCgroup" || op === "writeCgroupPresent") && step.value !== "")
      asked.set(subject(step.file, step.value), { file: step.file, value: step.value, from });
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
