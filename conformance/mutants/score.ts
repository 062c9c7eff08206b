// SPDX-License-Identifier: Apache-2.0

// node build/conformance/mutants.js [RUNTIME] [--only REGEXP] [--tap] [--list] [--jobs N] [--timeout SECONDS]
//
// How many runtimes with a fault does the suite catch? Every mutant is the given runtime (build/runts) but for one
// fault; the cases for the clauses that it breaks are run until one fails. Fails when less than 95 % were caught.

import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { oneLine } from "../report/printable.ts";
import { findProgram } from "../stage/host.ts";
import { BadInput } from "../suite/run.ts";
import { Bench, type Known, type Verdict } from "./bench.ts";
import { mutants } from "./index.ts";
import type { Mutant } from "./mutant.ts";

const least = 0.95;

const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    tap: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    jobs: { type: "string", default: "2" },
    timeout: { type: "string", default: "5" },
  },
});

function findRuntime(given: string | undefined): string {
  const built = `${dirname(fileURLToPath(import.meta.url))}/../runts`;
  const path = given === undefined ? built : given.includes("/") ? resolve(given) : findProgram(given);
  if (path === undefined || !existsSync(path)) throw new BadInput(`there is no runtime ${given ?? built}`);
  return realpathSync(path);
}

const short = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

function line({ mutant, outcome, by, why }: Verdict, number: number): string {
  const text = short(oneLine(why));
  const [clause] = by?.clauses ?? [];
  if (!asked.tap) {
    const head = { caught: "caught     ", missed: "NOT CAUGHT ", skipped: "skipped    " }[outcome];
    return `${head}${mutant.name}: ${by ? `${by.name} (${clause}): ` : ""}${text}`;
  }
  // One that is missed does not fail the score yet; it is counted in the last line.
  const directive = { caught: "", missed: " # TODO not caught", skipped: ` # SKIP ${text}` }[outcome];
  const name = `${mutant.name}: ${mutant.about}${by ? ` (${by.name})` : ""}`;
  return `${outcome === "missed" ? "not ok" : "ok"} ${number} - ${name.replace(/#/g, "\\#")}${directive}`;
}

async function tryAll(
  runtime: string,
  chosen: readonly Mutant[],
  folder: string,
): Promise<readonly Verdict[]> {
  const known: Known = new Map();
  const verdicts: Verdict[] = [];
  const queue = [...chosen];
  const labour = async (bench: Bench) => {
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      const verdict = await bench.try(mutant);
      verdicts.push(verdict);
      console.log(line(verdict, verdicts.length));
    }
  };
  const benches = Array.from(
    { length: Number(asked.jobs) },
    (_, at) => new Bench(runtime, folder, at + 1, Number(asked.timeout), known),
  );
  try {
    for (const bench of benches) await bench.check();
    if (asked.tap) console.log(`TAP version 13\n1..${chosen.length + 1}`);
    await Promise.all(benches.map(labour));
  } finally {
    await Promise.all(benches.map((bench) => bench.close()));
  }
  return verdicts;
}

function report(verdicts: readonly Verdict[]): boolean {
  const count = (wanted: Verdict["outcome"]) => verdicts.filter(({ outcome }) => outcome === wanted).length;
  const [caught, skipped] = [count("caught"), count("skipped")];
  const tried = verdicts.length - skipped;
  const enough = tried > 0 && caught / tried >= least;
  const percent = Math.floor((caught / Math.max(1, tried)) * 100);
  const text = `${caught} of ${tried} mutants caught (${percent} %), ${skipped} skipped`;
  console.log(asked.tap ? `${enough ? "ok" : "not ok"} ${verdicts.length + 1} - ${text}` : `\n${text}`);
  return enough;
}

async function main(): Promise<boolean> {
  const chosen = mutants.filter(({ name }) => new RegExp(asked.only).test(name));
  if (chosen.length === 0) throw new BadInput(`no mutant matches ${asked.only}`);
  if (asked.list) {
    for (const { name, about, breaks } of chosen) console.log(`${name}: ${about} (${breaks.join(", ")})`);
    return true;
  }
  const folder = mkdtempSync(join(tmpdir(), "runts-mutants-"));
  chmodSync(folder, 0o711); // the roots of user namespaces pass through it to their rootfs
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return report(await tryAll(findRuntime(positionals[0]), chosen, folder));
}

for (const [signal, number] of [
  ["SIGINT", 2],
  ["SIGTERM", 15],
] as const) {
  process.once(signal, () => process.exit(128 + number));
}
try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  console.error(`mutants: ${error.message}`);
  process.exitCode = 2;
}
