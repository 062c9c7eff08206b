// SPDX-License-Identifier: Apache-2.0

/** runts-conformance: the command. The same file is also the worker, when the suite starts it below its warden. */

import { existsSync, mkdtempSync, readFileSync, rmdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import * as v from "valibot";
import { oneLine } from "../report/printable.ts";
import { tap } from "../report/tap.ts";
import { progressOn, summary } from "../report/text.ts";
import { fileName, writeReports } from "../report/write.ts";
import { findProgram } from "../stage/host.ts";
import { selectCases } from "./cases.ts";
import { catalogueText } from "./catalogue-text.ts";
import { type Asked, help, parseCommandLine } from "./command-line.ts";
import { type Expected, parseExpected } from "./expected.ts";
import { workOrder } from "./messages.ts";
import type { RunResult } from "./result.ts";
import { BadInput, Interrupted, runSuite } from "./run.ts";
import { work } from "./worker.ts";

/** Its reason is the exit code. */
const interruption = new AbortController();

const message = (error: unknown) => (error instanceof Error ? error.message : String(error));

function findRuntime(given: string): string {
  const path = given.includes("/") ? resolve(given) : findProgram(given);
  if (path === undefined || !existsSync(path)) throw new BadInput(`there is no runtime ${given}`);
  const { mode } = statSync(path);
  if (!statSync(path).isFile() || (mode & 0o111) === 0) throw new BadInput(`${path} is not executable`);
  return path;
}

function readExpected(path: string | undefined): readonly Expected[] {
  if (path === undefined) return [];
  try {
    return parseExpected(readFileSync(path, "utf8"));
  } catch (error) {
    throw new BadInput(`--expect ${path}: ${message(error)}`);
  }
}

async function runOne(asked: Asked, runtime: string): Promise<RunResult> {
  const keep = asked.report
    ? join(resolve(asked.report), "bundles", fileName(basename(runtime)))
    : mkdtempSync(join(tmpdir(), "runts-bundles-"));
  const show = progressOn(process.stderr);
  try {
    return await runSuite({
      ...asked,
      runtime,
      keep,
      expected: readExpected(asked.expect),
      stop: interruption.signal,
      onResult: (result, done, total) => process.stderr.write(show(result, done, total)),
    });
  } finally {
    try {
      if (!asked.report) rmdirSync(keep);
    } catch {
      // There are bundles in it, of cases that failed.
    }
  }
}

const failed = ({ results, unforeseen }: RunResult) =>
  unforeseen.length > 0 || results.some(({ outcome, foreseen }) => outcome === "fail" && !foreseen);

async function judge(asked: Asked): Promise<number> {
  const runtimes = asked.runtimes.map(findRuntime);
  let code = 0;
  for (const runtime of runtimes) {
    const run = await runOne(asked, runtime);
    if (asked.report) {
      const { written, leftOut } = writeReports(resolve(asked.report), run);
      console.error(`wrote ${written.at(-1)}`);
      for (const why of leftOut) console.error(`not compared: ${why}`);
    }
    for (const name of run.unforeseen) console.error(`${name} is expected to fail, but it passed`);
    process.stdout.write(asked.tap ? tap(run) : `${summary(run)}\n`);
    if (failed(run)) code = 1;
  }
  return code;
}

async function main(words: readonly string[]): Promise<number> {
  try {
    const asked = parseCommandLine(words);
    if (!asked) process.stdout.write(`${await help()}\n`);
    else if (asked.clauses) process.stdout.write(catalogueText());
    else if (asked.list) for (const name of selectCases(asked.only, asked.level)) console.log(name);
    else return await judge(asked);
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) return interruption.signal.reason;
    if (!(error instanceof BadInput)) throw error;
    console.error(`runts-conformance: ${oneLine(error.message)}`);
    return 2;
  }
}

const [, , first, ...rest] = process.argv;
if (first === "--worker") {
  await work(v.parse(workOrder, JSON.parse(rest[0] ?? "")));
} else {
  process.once("SIGINT", () => interruption.abort(130));
  process.once("SIGTERM", () => interruption.abort(143));
  process.exitCode = await main(process.argv.slice(2));
}
