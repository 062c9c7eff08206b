// SPDX-License-Identifier: Apache-2.0

import type { Outcome } from "../host.ts";
import { createPlan } from "../plan/create.ts";
import { awaitReady } from "../plan/notify.ts";
import { seccompListener } from "../plan/seccomp-listener.ts";
import { startAtOnce } from "../plan/start.ts";
import type { Plan, Step } from "../plan/step.ts";
import { killedForMemory } from "./cause.ts";
import { executeCreation, inBundle } from "./create.ts";
import { removeEnded } from "./delete.ts";
import { type CreateOptions, type Prepared, prepare } from "./facts.ts";
import { readProcess } from "./record.ts";
import type { Runtime } from "./runtime.ts";

export interface RunOptions extends CreateOptions {
  readonly detach: boolean;
  readonly keep: boolean;
}

/** 128 and the number of the signal by which filters end processes. */
const endedBySigsys = 128 + 31;

/** create and start in one plan; in the foreground also the container's end. */
export function runPlan({ facts, config, record }: Prepared, options: RunOptions): Plan {
  const plan = createPlan(facts);
  const { id, bundle } = facts;
  const state = { id, bundle, annotations: config.annotations };
  const listener = seccompListener(config);
  const starting = { state, hooks: config.hooks, listener, doubtful: record.doubtful };
  const terminal = config.process?.terminal === true && options.consoleSocket === undefined;
  const supervised: readonly Step[] = options.detach
    ? awaitReady(facts.notify)
    : [
        { op: "unlockState", from: "" },
        { op: "superviseInit", from: "", terminal: terminal ? 1 : 0 },
      ];
  return { ...plan, runtime: [...plan.runtime, ...startAtOnce(starting), ...supervised] };
}

/** The exit status of the container; 0 when it goes on in the background. */
export async function run(runtime: Runtime, options: RunOptions): Promise<number> {
  try {
    return await runHere(runtime, options);
  } catch (error) {
    throw inBundle(runtime, error, options);
  }
}

async function runHere(runtime: Runtime, options: RunOptions): Promise<number> {
  const prepared = await prepare(runtime, options, true, !options.detach);
  const plan = runPlan(prepared, options);
  const outcome: Outcome = executeCreation(runtime, plan, prepared.record, options);
  if (options.detach) return 0;
  if (outcome.exitStatus === endedBySigsys && prepared.config.linux?.seccomp) {
    const { endedByFilter } = await import("./diagnosis/ended.ts");
    runtime.warn(endedByFilter(runtime.host, outcome.pid, prepared.config));
  }
  const memory = killedForMemory(runtime.host, prepared.record.cgroup, outcome.exitStatus);
  if (memory !== undefined) runtime.warn(memory);
  // the id may be another container's by now
  runtime.trace?.phase("clean-up");
  const isOurs = readProcess(runtime, options.id)?.pid === outcome.pid;
  if (!options.keep && isOurs) removeEnded(runtime, prepared.record);
  return outcome.exitStatus;
}
