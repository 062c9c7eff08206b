// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { Criu } from "../../plan/criu/criu.ts";

const limit = 64 * 1024 * 1024;

/** How many of the last lines with errors are told. */
const told = 6;

/**
 * The last errors of a log of criu's, without the times and processes that its lines begin with. Of a page server
 * that does not answer it says "Can't", without the word.
 */
export function lastErrors(log: string): readonly string[] {
  return log
    .split("\n")
    .map((line) => line.replace(/^(\([0-9.]+\) *)?( *\d+: )?/, ""))
    .filter((line) => /Error|^Can't /.test(line))
    .slice(-told);
}

function readErrors(host: Host, file: string): readonly string[] {
  try {
    return lastErrors(host.decode(host.readFile(file, limit)));
  } catch {
    return []; // criu did not come as far as its log, or wrote more than anybody reads
  }
}

/** The error of a plan in which criu failed, with what criu says of it and where it says more. */
export function withLog(
  host: Host,
  { images, work = images }: Criu,
  name: string,
  error: RuntsError,
): RuntsError {
  const file = `${work}/${name}`;
  const { step = "", detail = "" } = error.facts;
  if (error.code !== "step" || !/: (start|ask|await)Criu$/.test(step)) return error;
  const errors = readErrors(host, file);
  if (errors.length === 0) return error;
  const text = [detail, ...errors.filter((line) => !detail.includes(line)), `see ${file}`];
  return new RuntsError(
    "step",
    { ...error.facts, detail: text.filter((line) => line !== "").join("\n") },
    error.cause,
  );
}
