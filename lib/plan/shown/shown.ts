// SPDX-License-Identifier: Apache-2.0

/** A plan as it is shown and kept: values of JSON, and nothing that changes from one call to the next. */

import { RuntsError } from "../../errors.ts";
import type { Json } from "../../host.ts";
import { isObject, toJson } from "../../json.ts";
import { processNames } from "../generated/steps.ts";
import type { Plan, ProcessName, Step } from "../step.ts";

export type ShownStep = { readonly op: string; readonly from: string; readonly [argument: string]: Json };

export interface ShownPlan {
  readonly runts: "plan";
  readonly version: 1;
  readonly id: string;
  readonly bundle: string;
  /** why create would fail on the host where the plan was made */
  readonly missing: readonly { readonly pointer: string; readonly detail: string }[];
  readonly processes: { readonly [name in ProcessName]: readonly ShownStep[] };
}

type Digest = (text: string) => string;

const hexadecimal = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** So much of a digest as tells programs apart. */
const digits = 16;

/** Bytes are as many as they are; `digest` is over them in hexadecimal. */
function summary(bytes: Uint8Array, digest: Digest): Json {
  return { bytes: bytes.length, digest: digest(hexadecimal(bytes)).slice(0, digits) };
}

/** What the record alone holds, for later commands: the rest of it is in the other steps, or is when it was made. */
function lasting(record: string): Json {
  const value: unknown = JSON.parse(record);
  if (!isObject(value)) return record;
  const { annotations, hooks, listener, noNewKeyring } = value;
  return toJson({ annotations, hooks, listener, noNewKeyring });
}

function shownStep(step: Step, digest: Digest): ShownStep {
  const { op, from, ...rest } = step;
  // what is kept of config.json is the file itself, and each part of it that matters is in the other steps
  if (op === "makeState" && step.op === op)
    return { op, from, root: step.root, id: step.id, record: lasting(step.record), config: "config.json" };
  const shown = Object.entries(rest).map(([name, value]): [string, Json] => [
    name,
    value instanceof Uint8Array ? summary(value, digest) : toJson(value),
  ]);
  return { op, from, ...Object.fromEntries(shown) };
}

export function shownPlan(
  plan: Plan,
  about: Pick<ShownPlan, "id" | "bundle" | "missing">,
  digest: Digest,
): ShownPlan {
  const steps = (name: ProcessName) => plan[name].map((step) => shownStep(step, digest));
  const { id, bundle, missing } = about;
  const processes = { runtime: steps("runtime"), stage: steps("stage"), init: steps("init") };
  return { runts: "plan", version: 1, id, bundle, missing, processes };
}

const isStep = (value: unknown): value is ShownStep =>
  isObject(value) && typeof value.op === "string" && typeof value.from === "string";

/** Whether this was written by `plan --json`. */
export function isShownPlan(value: unknown): value is ShownPlan {
  if (!isObject(value) || value.runts !== "plan" || value.version !== 1) return false;
  const { processes, bundle } = value;
  if (!isObject(processes) || typeof bundle !== "string" || !Array.isArray(value.missing)) return false;
  return processNames.every((name) => {
    const steps = processes[name];
    return Array.isArray(steps) && steps.every(isStep);
  });
}

export function checkShownPlan(value: Json, file: string): ShownPlan {
  if (isShownPlan(value)) return value;
  throw new RuntsError("usage", {
    step: "plan",
    detail: `${file} is neither a bundle nor a plan that "runts plan --json" has written`,
  });
}
