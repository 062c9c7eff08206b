// SPDX-License-Identifier: Apache-2.0

import { configIn } from "../config/load.ts";
import { inScene, RuntsError } from "../errors.ts";
import type { Outcome } from "../host.ts";
import { absolutePath } from "../path.ts";
import { createPlan } from "../plan/create.ts";
import type { Plan } from "../plan/step.ts";
import { withCause } from "./cause.ts";
import { undo } from "./delete.ts";
import { attempt, errorOf } from "./execute.ts";
import { type CreateOptions, prepare } from "./facts.ts";
import { lateText } from "./late.ts";
import type { ContainerRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";

export type { CreateOptions } from "./facts.ts";

/** Executes a plan that creates; when a step fails, undoes what was done and throws that step's error. */
export function executeCreation(
  runtime: Runtime,
  plan: Plan,
  record: ContainerRecord,
  options: CreateOptions,
): Outcome {
  runtime.trace?.phase("steps");
  const outcome = attempt(runtime, plan);
  const error = errorOf(plan, outcome);
  if (error === undefined) return outcome;
  // another container has this id: nothing of it is ours
  if (error.code === "exists") throw new RuntsError("exists", { id: options.id });
  runtime.trace?.phase("undo");
  const cause = withCause(runtime.host, plan, outcome, record.cgroup, error);
  undo(runtime, record);
  throw cause;
}

/** The error of a create or run, with where the bundle is. */
export function inBundle({ host }: Runtime, error: unknown, options: CreateOptions): unknown {
  const bundle = absolutePath(host.cwd(), options.bundle);
  return inScene(error, { bundle, config: options.config ?? configIn(bundle) });
}

/** The plan with its own late steps on the record that it writes. */
function onRecord(plan: Plan, record: ContainerRecord): Plan {
  const text = JSON.stringify({ ...record, late: lateText(plan) } satisfies ContainerRecord);
  const runtime = plan.runtime.map((step) => (step.op === "makeState" ? { ...step, record: text } : step));
  return { ...plan, runtime };
}

/** The container with everything but its program, which waits for start. */
export async function create(runtime: Runtime, options: CreateOptions): Promise<void> {
  try {
    const { facts, record } = await prepare(runtime, options, false, false);
    executeCreation(runtime, onRecord(createPlan(facts), record), record, options);
  } catch (error) {
    throw inBundle(runtime, error, options);
  }
}
