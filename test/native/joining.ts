// SPDX-License-Identifier: Apache-2.0

/** Containers for processes to join, and such processes. */

import { writeFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { type Change, combine, shell } from "./bundle.ts";
import type { CallOptions, Result, Runtime } from "./runtime.ts";
import { newPath } from "./scratch.ts";

/** A running container, which waits; its id. */
export function running(runtime: Runtime, ...changes: readonly Change[]): string {
  const id = runtime.create(combine(shell("exec sleep 1000"), ...changes));
  runtime.ok("start", id);
  return id;
}

/** What a line of shell prints in a container of its own, executed with these flags. */
export function executed(
  runtime: Runtime,
  script: string,
  flags: readonly string[] = [],
  ...changes: readonly Change[]
): string {
  const id = running(runtime, ...changes);
  const { status, out, err } = runtime.call(["exec", ...flags, id, "sh", "-c", script]);
  runtime.ok("delete", "--force", id);
  assert.equal({ status, err }, { status: 0, err: "" }, out);
  return out.trimEnd();
}

/** Executes a process that is given whole. */
export function executeDocument(
  runtime: Runtime,
  id: string,
  process: object,
  flags: readonly string[] = [],
  options: CallOptions = {},
): Result {
  const file = newPath("process.json");
  writeFileSync(file, JSON.stringify(process));
  return runtime.call(["exec", "--process", file, ...flags, id], options);
}

/** What prints one line of the program's own /proc/self/status. */
export const statusLine = (name: string): string => `grep ^${name}: /proc/self/status | tr -s '\\t ' ' '`;
