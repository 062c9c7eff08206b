// SPDX-License-Identifier: Apache-2.0

/** The library's face: what the commands do, for programs. `lib/node.ts` binds it to Node.js. */

import { loadConfig } from "./config/load.ts";
import type { Process } from "./config/types.ts";
import { create } from "./container/create.ts";
import { remove } from "./container/delete.ts";
import type { Diagnosis } from "./container/diagnosis/diagnose.ts";
import type { Check } from "./container/doctor/check.ts";
import { type ExecOptions, exec } from "./container/exec.ts";
import { type CreateOptions, prepare } from "./container/facts.ts";
import { readOnly } from "./container/foresee.ts";
import { kill } from "./container/kill.ts";
import { list } from "./container/list.ts";
import { processes } from "./container/processes.ts";
import type { CgroupManager, Runtime } from "./container/runtime.ts";
import { start } from "./container/start.ts";
import { type StateView, state } from "./container/state.ts";
import { stats } from "./container/stats/of-container.ts";
import type { Stats } from "./container/stats/stats.ts";
import { type Fault, RuntsError } from "./errors.ts";
import type { Host } from "./host.ts";
import { toJson } from "./json.ts";
import { absolutePath } from "./path.ts";
import { createPlan } from "./plan/create.ts";
import type { Plan } from "./plan/step.ts";
import { signalNumber } from "./tables/signals.ts";

export type { Config, Process } from "./config/types.ts";
export type { Diagnosis, Place } from "./container/diagnosis/diagnose.ts";
export type { Check } from "./container/doctor/check.ts";
export type { CreateOptions } from "./container/facts.ts";
export type { CgroupManager } from "./container/runtime.ts";
export type { StateView } from "./container/state.ts";
export type { Figure, Pressure, Stall } from "./container/stats/figures.ts";
export type { IntelRdt } from "./container/stats/intel-rdt.ts";
export type { BlockIo, MemoryUsage, Stats } from "./container/stats/stats.ts";
export type { Status } from "./container/status.ts";
export { type ErrorCode, type ErrorFacts, type Fault, RuntsError } from "./errors.ts";
export type { Plan, Step } from "./plan/step.ts";
export { wording } from "./wording.ts";

export interface LibraryOptions {
  /** folder of the containers' states; `/run/runts` unless given */
  readonly root?: string;
  /** who makes the cgroups of new containers; `cgroupfs`, which is runts itself, unless given */
  readonly cgroupManager?: CgroupManager;
  /** hears of what went wrong without ending an operation; standard error unless given */
  readonly warn?: (message: string) => void;
}

/** `id` and `bundle` are needed; the rest is as the command line has it. */
export type Creation = Pick<CreateOptions, "id" | "bundle"> & Partial<CreateOptions>;

/** `id` and `process` are needed; the rest is as the command line has it. */
export type Execution = Pick<ExecOptions, "id"> &
  Partial<Omit<ExecOptions, "id" | "process">> & {
    /** config.md#process; its confinement and limits are the container's where it says nothing of them */
    readonly process: Process;
  };

/** The operations of runtime.md#operations, and what can be known without them. All throw RuntsError. */
export interface Library {
  /** Makes the container with everything but its program, which waits for `start`. */
  create(creation: Creation): Promise<void>;
  start(id: string): void;
  state(id: string): StateView;
  list(): readonly StateView[];
  /**
   * Runs another process in the container, on the streams of this one: its exit status, 128 and the number of the
   * signal that ended it, or 0 at once with `detach`. Like the other operations it does not let go of the thread.
   */
  exec(execution: Execution): Promise<number>;
  /** `signal` is a number or a name; SIGTERM unless given. */
  kill(id: string, signal?: number | string, all?: boolean): void;
  delete(id: string, force?: boolean): void;
  /** The host's pids of all of its processes, smallest first; none when it has ended. */
  processes(id: string): readonly number[];
  /** What it uses by the files of its cgroup, in the form of runc's `events`. */
  stats(id: string): Stats;
  /** What create would do, step by step. */
  plan(creation: Creation): Promise<Plan>;
  /** What an error of these operations comes from, where in config.json, and what to try. */
  diagnose(error: unknown): Promise<Diagnosis>;
  /** What this host can do for containers, and what of a bundle it would refuse. Changes nothing. */
  doctor(bundle?: string): Promise<readonly Check[]>;
  /** The faults of a bundle's config.json: none when it is valid. */
  validate(bundle: string): Promise<readonly Fault[]>;
}

function complete(creation: Creation): CreateOptions {
  return { noPivot: false, noNewKeyring: false, preserveFds: 0, ...creation };
}

function completeExec({ process, ...more }: Execution): ExecOptions {
  const document = { value: toJson(process), text: "", file: "the process" };
  return { detach: false, preserveFds: 0, ignorePaused: false, ...more, process: document };
}

function numberOf(signal: number | string): number {
  const number = signalNumber(String(signal));
  if (number === undefined) throw new RuntsError("usage", { detail: `no such signal: ${signal}` });
  return number;
}

async function validate(host: Host, bundle: string): Promise<readonly Fault[]> {
  try {
    await loadConfig(host, absolutePath(host.cwd(), bundle));
    return [];
  } catch (error) {
    if (error instanceof RuntsError && error.facts.faults) return error.facts.faults;
    throw error;
  }
}

export function openLibrary(
  host: Host,
  { root = "/run/runts", cgroupManager = "cgroupfs", warn }: LibraryOptions = {},
): Library {
  const runtime: Runtime = {
    host,
    root: absolutePath(host.cwd(), root),
    rootless: host.uid !== 0,
    debug: false,
    cgroupManager,
    warn: warn ?? ((message) => host.write(2, `runts: warning: ${message}\n`)),
  };
  const looking: Runtime = { ...runtime, host: readOnly(host) };
  return {
    create: (creation) => create(runtime, complete(creation)),
    start: (id) => start(runtime, id),
    state: (id) => state(runtime, id),
    list: () => list(runtime),
    exec: (execution) => exec(runtime, completeExec(execution)),
    kill: (id, signal = "TERM", all = false) => kill(runtime, id, numberOf(signal), all),
    delete: (id, force = false) => remove(runtime, id, force),
    processes: (id) => processes(runtime, id),
    stats: (id) => stats(runtime, id),
    plan: async (creation) => createPlan((await prepare(looking, complete(creation), false, true)).facts),
    diagnose: async (error) => (await import("./container/diagnosis/diagnose.ts")).diagnose(host, error),
    doctor: async (bundle) => {
      const { doctor } = await import("./container/doctor/doctor.ts");
      const folder = bundle === undefined ? undefined : absolutePath(host.cwd(), bundle);
      return doctor(host, folder, cgroupManager);
    },
    validate: (bundle) => validate(host, bundle),
  };
}
