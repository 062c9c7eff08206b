// SPDX-License-Identifier: Apache-2.0

/** The command line of runts-conformance: each flag declared once, help and checks derived by yargs. */

import { availableParallelism } from "node:os";
import type { Options } from "yargs";
import Yargs from "yargs/browser";
import type { Level } from "../catalogue/clause.ts";
import { allCases } from "./cases.ts";
import { BadInput } from "./run.ts";

const flags = {
  only: {
    type: "string",
    describe: "REGEXP: only cases whose name or clause matches; a case's whole name: this one alone",
    requiresArg: true,
  },
  level: {
    choices: ["must", "should", "may"],
    default: "may",
    describe: "cases for clauses of this level and the stricter ones",
  },
  report: {
    type: "string",
    describe: "DIR: write JSON, TAP, JUnit XML, and an HTML page that compares all runs in DIR",
    requiresArg: true,
  },
  jobs: {
    type: "number",
    describe: "N: cases at the same time",
    default: Math.min(2, availableParallelism()),
  },
  expect: { type: "string", describe: "FILE: list of failures that are known", requiresArg: true },
  timeout: { type: "number", describe: "SECONDS: limit of one command of the runtime", default: 10 },
  tap: { type: "boolean", describe: "write TAP to standard output instead of the summary", default: false },
  list: { type: "boolean", describe: "list the cases that would be run, and stop", default: false },
  clauses: { type: "boolean", describe: "print the catalogue with what tests it, and stop", default: false },
} as const satisfies Readonly<Record<string, Options>>;

export interface Asked {
  readonly runtimes: readonly string[];
  readonly only: RegExp | undefined;
  readonly level: Level;
  readonly report: string | undefined;
  readonly jobs: number;
  readonly expect: string | undefined;
  readonly seconds: number;
  readonly tap: boolean;
  readonly list: boolean;
  readonly clauses: boolean;
}

function yargs(words: readonly string[]) {
  return Yargs([...words])
    .scriptName("runts-conformance")
    .usage(
      "runts-conformance RUNTIME... [flags]\n\nJudges OCI runtimes against the runtime-spec 1.3 for Linux, clause by clause.",
    )
    .options(flags)
    .epilogue("Exit code: 0 when no case failed but the expected ones, 1 when one did, 2 for bad input.")
    .wrap(100)
    .version(false)
    .help(false)
    .option("help", { alias: "h", type: "boolean", describe: "show this help" })
    .strictOptions()
    .exitProcess(false)
    .fail((message: string | undefined, error: Error | undefined) => {
      throw new BadInput(message ?? error?.message ?? "the command line cannot be read");
    });
}

export const help = (): Promise<string> => yargs([]).getHelp();

function pattern(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(allCases.has(text) ? `^${text.replaceAll(".", "\\.")}$` : text);
  } catch (error) {
    throw new BadInput(`--only: ${error instanceof Error ? error.message : error}`);
  }
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 1) return value;
  throw new BadInput(`--${name}: expected a number from 1 on, found ${value}`);
}

/** undefined when help was asked for. */
export function parseCommandLine(words: readonly string[]): Asked | undefined {
  const parsed = yargs(words).parseSync();
  if (parsed.help) return undefined;
  for (const [name, value] of Object.entries(parsed)) {
    if (Array.isArray(value) && name !== "_") throw new BadInput(`--${name} was given twice`);
  }
  const runtimes = parsed._.map(String);
  if (runtimes.length === 0 && !parsed.list && !parsed.clauses)
    throw new BadInput("which runtime? (see --help)");
  return {
    ...{ runtimes, level: parsed.level, tap: parsed.tap, list: parsed.list, clauses: parsed.clauses },
    ...{ report: parsed.report, expect: parsed.expect, only: pattern(parsed.only) },
    jobs: Math.floor(positive("jobs", parsed.jobs)),
    seconds: positive("timeout", parsed.timeout),
  };
}
