// SPDX-License-Identifier: Apache-2.0

/** Steps on a container's cgroup of which all are taken, or none: what was written before a refusal is set back. */

import type { CgroupOnRecord } from "../plan/delete.ts";
import { type Reader, restoring, type Undo } from "../plan/restore.ts";
import { type ScopeOnRecord, setScope } from "../plan/scope.ts";
import { bfqWeight } from "../plan/scope-limits.ts";
import { noSteps, type Step } from "../plan/step.ts";
import { type Place, updatePlan } from "../plan/update.ts";
import { wording } from "../wording.ts";
import { attempt, errorOf } from "./execute.ts";
import { readSchemata } from "./resctrl.ts";
import type { Runtime } from "./runtime.ts";

export function takeAllOrNone(
  runtime: Runtime,
  place: CgroupOnRecord,
  steps: readonly Step[],
  read: Reader,
): void {
  const before = steps.map((step) => ({
    step,
    undo: restoring(step, read, step.op === "writeResctrl" ? readSchemata(runtime.host, step) : ""),
  }));
  const plan = updatePlan(place, steps);
  const outcome = attempt(runtime, plan);
  const error = errorOf(plan, outcome);
  if (error === undefined) return;
  // the plan's first step opens the cgroup
  const taken = before.slice(0, Math.max(0, outcome.step - 1));
  const undone = before.flatMap(({ undo }) => undo[0] ?? noSteps);
  if (place.scope && taken.length > 0)
    restoreScope(runtime, place, place.scope, setScope(place.scope, undone, hasBfq(read)));
  for (const { step, undo } of taken.toReversed()) restore(runtime, place, step, undo);
  throw error;
}

/** Whether BFQ weighs the container's block I/O; systemd's weights are not its. */
export const hasBfq = (read: Reader): boolean => read(bfqWeight) !== undefined;

/** systemd hears what the files will say again. */
function restoreScope(
  runtime: Runtime,
  place: CgroupOnRecord,
  { unit }: ScopeOnRecord,
  steps: readonly Step[],
): void {
  const plan = updatePlan(place, steps);
  const error = errorOf(plan, attempt(runtime, plan));
  if (error) runtime.warn(`${unit} could not be set back: ${wording(error)}`);
}

/** Each by itself: one that fails must not keep the others from being set back. */
function restore(runtime: Runtime, place: Place, step: Step, ways: Undo): void {
  const file = fileOf(step);
  let problem = `${file} has its new value and cannot be set back`;
  for (const way of ways) {
    const plan = updatePlan(place, way);
    const error = errorOf(plan, attempt(runtime, plan));
    if (error) {
      problem = `${file} could not be set back: ${wording(error)}`;
      continue;
    }
    if (way === ways[0]) return;
    problem = `${file} cannot be empty again: it has what it had from above as its own`;
    break;
  }
  runtime.warn(problem);
}

function fileOf(step: Step): string {
  switch (step.op) {
    case "writeCgroup":
    case "writeCgroupPresent":
      return step.file;
    case "writeCgroupEither":
      return step.files.join(" or ");
    default:
      return step.op === "writeResctrl" ? "schemata" : step.op;
  }
}
