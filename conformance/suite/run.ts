// SPDX-License-Identifier: Apache-2.0

/** One run of the suite against one runtime: preflight, then the cases among the workers. */

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Level } from "../catalogue/clause.ts";
import { chapters } from "../catalogue/index.ts";
import { allCases, preflightName, selectCases } from "./cases.ts";
import { type Answer, type HostFacts, Worker, WorkerLost } from "./crew.ts";
import { type Expected, foresee } from "./expected.ts";
import type { PreflightResult } from "./preflight.ts";
import type { CaseResult, ClauseEntry, RunResult } from "./result.ts";

/** What was asked for cannot be done: exit code 2. */
export class BadInput extends Error {}

/** It was told to stop; everything has been tidied up. */
export class Interrupted extends Error {}

export interface Options {
  /** path of the executable */
  readonly runtime: string;
  readonly only?: RegExp | undefined;
  readonly level: Level;
  readonly jobs: number;
  /** limit of one command of the runtime */
  readonly seconds: number;
  /** where bundles of failed cases go */
  readonly keep: string;
  readonly expected: readonly Expected[];
  /** Ends the run early. */
  readonly stop?: AbortSignal;
  readonly onResult: (result: CaseResult, done: number, total: number) => void;
}

const here = dirname(fileURLToPath(import.meta.url));

/** The whole catalogue as results carry it. */
export const clauseEntries: readonly ClauseEntry[] = chapters.flatMap(({ title, clauses }) =>
  clauses.map((clause) => ({ ...clause, chapter: title })),
);

/** One of those that judge, numbered from 1 on; its own folder is made in the one given. */
export function makeWorker(
  options: Pick<Options, "runtime" | "keep" | "seconds">,
  folder: string,
  number: number,
) {
  const { runtime, keep, seconds } = options;
  const asRoot = process.getuid?.() === 0;
  const warden = `${here}/warden`;
  const program = [process.execPath, "--enable-source-maps", `${here}/runts-conformance.js`, "--worker"];
  const privilege = asRoot ? ["--cgroup2"] : ["--user"];
  return new Worker([warden, "reap", ...privilege, ...program], {
    ...{ runtime, keep, seconds, warden, probe: `${here}/probe` },
    folder: `${folder}/worker-${number}`,
    cgroup: `runts-conformance-${process.pid}-${number}`,
  });
}

export async function preflight(
  worker: Worker,
  options: Pick<Options, "seconds" | "stop">,
): Promise<PreflightResult & { host: HostFacts }> {
  let answer: Answer;
  try {
    answer = await worker.ask(preflightName, options.seconds * 8);
  } catch (error) {
    if (error instanceof WorkerLost) {
      if (options.stop?.aborted) throw new Interrupted();
      throw new BadInput(`the suite cannot work here, or the runtime ended it: ${error.message}`);
    }
    throw error;
  }
  if (!answer.preflight || !worker.host) throw new Error("the worker gave no answer to the preflight");
  return { ...answer.preflight, host: worker.host };
}

export async function judgeOne(
  worker: Worker,
  name: string,
  { seconds, stop }: Pick<Options, "seconds" | "stop">,
): Promise<CaseResult> {
  const clauses = [...(allCases.get(name)?.property.clauses ?? [])];
  try {
    const { result } = await worker.ask(name, seconds * 8 + 20);
    if (result) return result;
    throw new WorkerLost("no result");
  } catch (error) {
    if (stop?.aborted) throw new Interrupted();
    if (!(error instanceof WorkerLost)) throw error;
    const failures = [{ what: "the suite's worker", expected: "to outlive the case", seen: error.message }];
    return { name, clauses, outcome: "fail", failures, milliseconds: 0 };
  }
}

/** As it was asked for: `source` escapes every slash. */
const patternText = ({ source }: RegExp) => source.replaceAll("\\/", "/");

async function judgeAll(names: readonly string[], workers: readonly Worker[], options: Options) {
  const results = new Map<string, CaseResult>();
  const queue = [...names];
  const labour = async (worker: Worker) => {
    for (let name = queue.shift(); name !== undefined && !options.stop?.aborted; name = queue.shift()) {
      const result = foresee(await judgeOne(worker, name, options), options.expected);
      results.set(name, result);
      options.onResult(result, results.size, names.length);
    }
  };
  await Promise.all(workers.map(labour));
  return names.flatMap((name) => results.get(name) ?? []);
}

/** Runs the selected cases. Throws BadInput when the runtime is none, or nothing was selected. */
export async function runSuite(options: Options): Promise<RunResult> {
  const started = new Date();
  const names = selectCases(options.only, options.level);
  if (names.length === 0)
    throw new BadInput(
      `no case or clause matches ${options.only === undefined ? options.level : patternText(options.only)}`,
    );
  const folder = mkdtempSync(join(tmpdir(), "runts-conformance-"));
  chmodSync(folder, 0o711); // the roots of user namespaces pass through it to their rootfs
  const count = Math.max(1, Math.min(options.jobs, names.length));
  const workers = Array.from({ length: count }, (_, at) => makeWorker(options, folder, at + 1));
  const [first] = workers;
  const stop = () => {
    for (const worker of workers) worker.kill();
  };
  options.stop?.addEventListener("abort", stop);
  try {
    if (!first) throw new Error("no worker");
    const { version, trouble, host } = await preflight(first, options);
    if (trouble !== undefined)
      throw new BadInput(`${options.runtime} is no runtime that can be judged: ${trouble}`);
    const results = await judgeAll(names, workers, options);
    if (options.stop?.aborted) throw new Interrupted();
    const { kernel, architecture, controllers, modules } = host;
    const passed = new Set(results.flatMap(({ name, outcome }) => (outcome === "pass" ? name : [])));
    return {
      format: 1,
      runtime: { name: basename(options.runtime), command: options.runtime, version },
      host: { kernel, architecture, controllers, modules, privilege: host.root ? "root" : "user namespace" },
      started: started.toISOString(),
      milliseconds: Date.now() - started.getTime(),
      level: options.level,
      ...(options.only === undefined ? {} : { only: patternText(options.only) }),
      clauses: [...clauseEntries],
      results,
      unforeseen: options.expected.flatMap(({ name, sometimes }) =>
        passed.has(name) && !sometimes ? name : [],
      ),
    };
  } finally {
    options.stop?.removeEventListener("abort", stop);
    await Promise.all(workers.map((worker) => worker.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}
