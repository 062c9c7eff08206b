// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import type { Outcome, Word } from "../host.ts";
import { encode } from "../plan/encode.ts";
import { processNames } from "../plan/generated/steps.ts";
import type { Plan } from "../plan/step.ts";
import type { Runtime } from "./runtime.ts";

/** As much of a step as an error tells. */
export interface StepFacts {
  readonly op: string;
  readonly from: string;
  readonly id?: string;
}

/** A plan with what is known of the steps that another process takes. */
export type Steps = Readonly<Record<(typeof processNames)[number], readonly (StepFacts | undefined)[]>>;

const EEXIST = 17;
const ENOENT = 2;
const ESRCH = 3;

function stepAt(plan: Steps, process: number, index: number): StepFacts | undefined {
  const name = processNames[process];
  return name && plan[name][index];
}

function failure(plan: Steps, outcome: Outcome): RuntsError {
  const { syscall, errno } = outcome;
  // of a hook it ends with the last line that the hook wrote
  const detail = outcome.detail.trimEnd();
  const step = stepAt(plan, outcome.process, outcome.step);
  const facts = {
    step: `${processNames[outcome.process] ?? "?"}: ${step?.op ?? "?"}`,
    syscall,
    errno,
    detail,
    pointer: step?.from ?? "",
  };
  switch (step?.op) {
    case "makeState":
      if (syscall === "mkdirat" && errno === EEXIST) return new RuntsError("exists", { id: step.id ?? "" });
      break;
    case "lockState":
      if (errno === ENOENT) return new RuntsError("not-found", { id: step.id ?? "" });
      break;
    case "openProcess":
    case "joinProcess":
      if (errno === ESRCH) return new RuntsError("status", { ...facts, step: "exec", detail: "stopped" });
      break;
    case "killProcess":
      if (errno === ESRCH) return new RuntsError("status", { ...facts, step: "kill", detail: "stopped" });
      break;
    case "findExecutable":
    case "execve":
      return new RuntsError("executable", facts); // their detail is the file
  }
  return new RuntsError("step", facts);
}

function warnings(runtime: Runtime, plan: Plan, outcome: Outcome): void {
  for (let i = 0; i + 3 < outcome.warnings.length; i += 4) {
    const [process, index, , detail] = outcome.warnings.slice(i, i + 4);
    const step = stepAt(plan, Number(process), Number(index));
    runtime.warn(`${step?.from ? `${step.from}: ` : ""}${String(detail).trimEnd()}`);
  }
}

/** Of each step what it is called, and what asks for it. */
function namesOf(plan: Steps): readonly Word[] {
  const words: Word[] = [];
  for (const name of processNames) {
    words.push(plan[name].length);
    for (let i = 0; i < plan[name].length; i++)
      words.push(plan[name][i]?.op ?? "", plan[name][i]?.from ?? "");
  }
  return words;
}

/** What the host made of the plan, not yet judged. A trace tells of `known`, which may know more. */
export function attempt(runtime: Runtime, plan: Plan, known: Steps = plan): Outcome {
  const { host, trace, reporting } = runtime;
  const listener = trace ?? reporting;
  const outcome = host.execute(
    encode(plan),
    listener && { since: listener.since, lines: trace?.lines === true, names: namesOf(known) },
  );
  trace?.executed(outcome);
  reporting?.attempts.push({ plan, outcome });
  warnings(runtime, plan, outcome);
  return outcome;
}

export function hasFailed(outcome: Outcome): boolean {
  return outcome.process >= 0;
}

/** The facts of a failed plan; undefined when every step succeeded. */
export function errorOf(plan: Steps, outcome: Outcome): RuntsError | undefined {
  return hasFailed(outcome) ? failure(plan, outcome) : undefined;
}

/** Executes the plan or throws what went wrong. */
export function execute(runtime: Runtime, plan: Plan): Outcome {
  const outcome = attempt(runtime, plan);
  const error = errorOf(plan, outcome);
  if (error) throw error;
  return outcome;
}
