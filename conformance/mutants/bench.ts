// SPDX-License-Identifier: Apache-2.0

/** Where mutants are tried: a worker of the suite whose runtime becomes one mutant after the other. */

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { allCases } from "../suite/cases.ts";
import type { Worker } from "../suite/crew.ts";
import type { CaseResult } from "../suite/result.ts";
import { BadInput, judgeOne, makeWorker, preflight } from "../suite/run.ts";
import { faultless } from "./index.ts";
import type { Mutant } from "./mutant.ts";

export interface Verdict {
  readonly mutant: Mutant;
  readonly outcome: "caught" | "missed" | "skipped";
  /** The case that noticed it. */
  readonly by?: CaseResult;
  /** In words: what was noticed, or why nothing was. */
  readonly why: string;
}

const clausesOf = (name: string): readonly string[] => allCases.get(name)?.property.clauses ?? [];

/** Cases for these clauses; first those that are for one of them in the first place. */
function casesFor(clauses: readonly string[]): readonly string[] {
  const names = [...allCases.keys()].filter((name) =>
    clausesOf(name).some((clause) => clauses.includes(clause)),
  );
  const isFirst = (name: string) => clauses.includes(clausesOf(name)[0] ?? "");
  return [...names.filter(isFirst), ...names.filter((name) => !isFirst(name))];
}

function described({ failures = [], leaks = [], reason }: CaseResult): string {
  const wrong = failures.map(({ what, expected, seen }) => `${what}: expected ${expected}, saw ${seen}`);
  return reason ?? [...wrong, ...leaks.map((leak) => `left behind: ${leak}`)].join("; ");
}

const otherwise = (name: string, real: CaseResult) =>
  `the real runtime does not pass ${name} either: ${described(real)}`;

/**
 * How the real runtime does, through the wrapper as mutants go (which leaves traces of its own): only what it passes
 * says something about a mutant. Shared by all benches.
 */
export type Known = Map<string, CaseResult>;

export class Bench {
  readonly #folder: string;
  readonly #seconds: number;
  readonly #worker: Worker;
  readonly #known: Known;

  constructor(runtime: string, parent: string, number: number, seconds: number, known: Known) {
    this.#folder = `${parent}/bench-${number}`;
    this.#seconds = seconds;
    this.#known = known;
    mkdirSync(this.#folder);
    symlinkSync(runtime, `${this.#folder}/runtime`);
    const wrapper = `${this.#folder}/mutant.js`;
    symlinkSync(`${dirname(fileURLToPath(import.meta.url))}/mutant.js`, wrapper);
    this.#worker = makeWorker({ runtime: wrapper, keep: `${this.#folder}/bundles`, seconds }, parent, number);
  }

  /** Whether the real runtime can run containers here; else BadInput. */
  async check(): Promise<void> {
    this.#becomes(faultless.name);
    const { trouble } = await preflight(this.#worker, { seconds: this.#seconds });
    if (trouble !== undefined) throw new BadInput(trouble);
  }

  close(): Promise<void> {
    return this.#worker.close();
  }

  /** The wrapper reads there which mutant it is. */
  #becomes(name: string): void {
    writeFileSync(`${this.#folder}/name`, name);
  }

  #judge(mutant: string, name: string): Promise<CaseResult> {
    this.#becomes(mutant);
    return judgeOne(this.#worker, name, { seconds: this.#seconds });
  }

  async #real(name: string): Promise<CaseResult> {
    const result = this.#known.get(name) ?? (await this.#judge(faultless.name, name));
    this.#known.set(name, result);
    return result;
  }

  /** Runs cases for the clauses that it breaks, until one fails that the real runtime passes. */
  async try(mutant: Mutant): Promise<Verdict> {
    const cases = casesFor(mutant.breaks);
    if (cases.length === 0)
      return { mutant, outcome: "missed", why: `no case for ${mutant.breaks.join(", ")}` };
    // Of cases that cannot be used here, nobody knows what they would have noticed.
    let unable = "";
    for (const name of cases) {
      const result = await this.#judge(mutant.name, name);
      if (result.outcome === "skip") unable ||= result.reason ?? "";
      if (result.outcome !== "fail") continue;
      const real = await this.#real(name);
      if (real.outcome === "pass") return { mutant, outcome: "caught", by: result, why: described(result) };
      unable ||= otherwise(name, real);
    }
    unable ||= await this.#withoutGiven(mutant);
    if (unable !== "") return { mutant, outcome: "skipped", why: unable };
    return { mutant, outcome: "missed", why: `it passes ${cases.join(", ")}` };
  }

  /** Why the fault cannot show in this runtime, or nothing. */
  async #withoutGiven({ given }: Mutant): Promise<string> {
    const [name] = given === undefined ? [] : casesFor([given]);
    const real = name === undefined ? undefined : await this.#real(name);
    return name !== undefined && real && real.outcome !== "pass" ? otherwise(name, real) : "";
  }
}
