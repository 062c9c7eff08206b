// SPDX-License-Identifier: Apache-2.0

/** What create or run would do, without doing anything. */

import { type ErrorFacts, RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import { createPlan } from "../plan/create.ts";
import type { Plan } from "../plan/step.ts";
import { isSystemFailure } from "../wording.ts";
import { type CreateOptions, type Look, prepare } from "./facts.ts";
import { runPlan } from "./run.ts";
import type { Runtime } from "./runtime.ts";

/** What this host cannot do, so that create would fail. */
export interface Missing {
  /** what of config.json asks for it; "" for what the command line does */
  readonly pointer: string;
  readonly error: RuntsError;
}

export interface Foreseen {
  readonly plan: Plan;
  readonly missing: readonly Missing[];
}

function refuse(): never {
  throw new Error("a plan that is only to be shown must change nothing");
}

/** The host, to be looked at only. Its methods may be on a prototype, so it becomes one itself. */
export function readOnly(host: Host): Host {
  const closed: Host = Object.create(host);
  const writing = { replaceFile: refuse, append: refuse, overwrite: refuse, newFile: refuse };
  const refusing = { ...writing, execute: refuse, lock: refuse, output: refuse };
  for (const [name, value] of Object.entries(refusing)) Object.defineProperty(closed, name, { value });
  return closed;
}

/** Errors of the host, not of the config: those end it. */
function asMissing(error: unknown): Missing | undefined {
  if (error instanceof RuntsError && (error.code === "system" || error.code === "usage"))
    return { pointer: error.facts.pointer ?? "", error };
  if (!isSystemFailure(error)) return undefined;
  const facts: ErrorFacts = { syscall: error.syscall, errno: error.errno, file: error.path };
  return { pointer: "", error: new RuntsError("system", facts, error) };
}

/**
 * @param runs for run in the foreground, not for create
 * @throws RuntsError for a config that no host could make a container of
 */
export async function foresee(runtime: Runtime, options: CreateOptions, runs: boolean): Promise<Foreseen> {
  const missing: Missing[] = [];
  const look: Look = (attempt, otherwise) => {
    try {
      return attempt();
    } catch (error) {
      const found = asMissing(error);
      if (found === undefined) throw error;
      missing.push(found);
      return otherwise();
    }
  };
  const looking: Runtime = { ...runtime, host: readOnly(runtime.host) };
  const prepared = await prepare(looking, options, runs, runs, look);
  const plan = runs
    ? runPlan(prepared, { ...options, detach: false, keep: false })
    : createPlan(prepared.facts);
  return { plan, missing };
}
