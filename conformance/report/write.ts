// SPDX-License-Identifier: Apache-2.0

/** The files of --report: those of this run, and a page that compares all runs in the folder. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { type RunResult, runResult } from "../suite/result.ts";
import { html } from "./html.ts";
import { junit } from "./junit.ts";
import { plain } from "./paint.ts";
import { tap } from "./tap.ts";
import { summary } from "./text.ts";

export interface Reports {
  /** Paths, in the order of their making. */
  readonly written: readonly string[];
  /** Files of JSON in the folder that are not runs: "name: why". They stay as they are. */
  readonly leftOut: readonly string[];
}

/** What a runtime is called may be a path, or look like an option. */
export function fileName(runtime: string): string {
  return runtime.replace(/[^\w.+-]+/g, "-").replace(/^[-.]+/, "") || "runtime";
}

/** Shapes that fit may still not fit together: a case must be for a clause that the file has. */
function parse(text: string): RunResult | string {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return "not JSON";
  }
  const { success, output, issues } = v.safeParse(runResult, data);
  if (!success) {
    const path = v.getDotPath(issues[0]);
    return `not a run of the suite (${path === null ? "" : `${path}: `}${issues[0].message})`;
  }
  const ids = new Set(output.clauses.map(({ id }) => id));
  const lost = output.results.find(({ clauses }) => !ids.has(clauses[0] ?? ""));
  return lost === undefined ? output : `its case ${lost.name} is for no clause of its catalogue`;
}

function runsIn(folder: string): {
  readonly runs: readonly RunResult[];
  readonly leftOut: readonly string[];
} {
  const runs: RunResult[] = [];
  const leftOut: string[] = [];
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith(".json"),
  );
  for (const { name } of files.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const run = parse(readFileSync(join(folder, name), "utf8"));
    if (typeof run === "string") leftOut.push(`${name}: ${run}`);
    else runs.push(run);
  }
  return { runs, leftOut };
}

export function writeReports(folder: string, run: RunResult): Reports {
  mkdirSync(folder, { recursive: true });
  const written: string[] = [];
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    written.push(path);
  };
  const name = fileName(run.runtime.name);
  write(`${name}.json`, `${JSON.stringify(run, null, 1)}\n`);
  write(`${name}.tap`, tap(run));
  write(`${name}.xml`, junit(run));
  write(`${name}.txt`, summary(run, plain));
  const { runs, leftOut } = runsIn(folder);
  write("index.html", html(runs, leftOut));
  return { written, leftOut };
}
