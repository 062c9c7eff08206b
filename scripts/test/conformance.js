// SPDX-License-Identifier: Apache-2.0
// The conformance suite as tests: of runts, and of itself by crun and runc and by runtimes with a fault each.

import { existsSync } from "node:fs";
import { execute } from "./execute.js";
import { root } from "./files.js";
import { parseTap } from "./parse.js";

const suite = `${root}/build/conformance/runts-conformance.js`;
const node = process.execPath;
const lists = "conformance/expected";

/** What the peers do otherwise than the spec is as it should be when it is as listed. */
const contestants = [
  { name: "runts", program: "build/runts" },
  { name: "crun", program: "crun", listedIsRight: true },
  { name: "runc", program: "runc", listedIsRight: true },
];

const label = ({ name }) => `conformance ${name}`;
const literal = (text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

async function judge({ name, program, listedIsRight }, { cases, timeout, seconds }) {
  const only = cases ? ["--only", `^(${cases.map(literal).join("|")})$`] : [];
  const flags = ["--tap", "--jobs", "2", "--timeout", `${timeout}`, "--expect", `${lists}/${name}.json`];
  const result = await execute(node, [suite, program, ...flags, ...only], { seconds });
  const { known = [], passed, ...counts } = parseTap(result);
  return { ...result, ...counts, passed: listedIsRight ? passed + known.length : passed, known };
}

/**
 * All cases natively. Those that this machine cannot run (no cgroup limits …) are left for where they can be: returned
 * as tasks for runLimited().
 */
export async function runConformance(report, wanted, elsewhere) {
  const tasks = [];
  for (const contestant of contestants.filter((one) => wanted(label(one)))) {
    const { known, skipped, ...result } = await judge(contestant, { timeout: 20, seconds: 900 });
    const cases = skipped.map((line) => line.split(" # ", 1)[0]);
    if (elsewhere && cases.length > 0) tasks.push({ file: label(contestant), contestant, cases });
    const notYet = contestant.listedIsRight ? [] : known;
    report.add("suite", label(contestant), {
      ...result,
      skipped: elsewhere ? notYet : [...skipped, ...notYet],
    });
  }
  return tasks;
}

/** The cases that were left, mostly inside the virtual machine, which is ten times slower. */
export async function runLimited(report, { contestant, cases }) {
  const { known, skipped, ...result } = await judge(contestant, { cases, timeout: 90, seconds: 1500 });
  const notYet = contestant.listedIsRight ? [] : known;
  report.add("vm", label(contestant), { ...result, skipped: [...skipped, ...notYet] });
}

/** The share of runtimes with a fault that the suite finds out. */
export async function runMutants(report, wanted) {
  const name = "conformance mutants";
  if (!wanted(name) || !existsSync(suite)) return;
  const result = await execute(node, [`${root}/build/conformance/mutants.js`, "--tap"], { seconds: 900 });
  report.add("suite", name, { ...result, ...parseTap(result) });
}
