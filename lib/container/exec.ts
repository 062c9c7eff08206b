// SPDX-License-Identifier: Apache-2.0

import { configIn } from "../config/load.ts";
import { checkProcess } from "../config/process.ts";
import type { Config, Process } from "../config/types.ts";
import { inScene, RuntsError } from "../errors.ts";
import type { Json, Outcome } from "../host.ts";
import { toJson } from "../json.ts";
import { execPlan, type Joining } from "../plan/exec.ts";
import type { Facts } from "../plan/facts.ts";
import { seccompFilter } from "../plan/seccomp.ts";
import type { Plan } from "../plan/step.ts";
import { faultLine } from "../wording.ts";
import { killedForMemory, withCause } from "./cause.ts";
import { initCgroup, subCgroup } from "./exec-cgroup.ts";
import { changedProcess, type ProcessChanges, withDefaults } from "./exec-process.ts";
import { attempt, errorOf, hasFailed } from "./execute.ts";
import { checkPreserved, findCaller } from "./facts.ts";
import { keptConfig, keptPath } from "./kept-config.ts";
import { type ContainerRecord, type ProcessRecord, readRecord } from "./record.ts";
import { presentResctrl } from "./resctrl.ts";
import type { Runtime } from "./runtime.ts";
import { apparmorConfined, checkLabels } from "./security-modules.ts";
import { type Status, standing } from "./status.ts";

/** A process given whole, as config.md#process has it. */
export interface ProcessDocument {
  readonly value: Json;
  /** what the value was read from, for the places of faults; "" when it was not read */
  readonly text: string;
  /** what an error calls it */
  readonly file: string;
}

export interface ExecOptions {
  readonly id: string;
  readonly process: ProcessDocument | ProcessChanges;
  readonly detach: boolean;
  readonly pidFile?: string;
  readonly consoleSocket?: string;
  /** gets a pidfd of the process */
  readonly pidfdSocket?: string;
  readonly preserveFds: number;
  /** below the container's */
  readonly cgroup?: string;
  readonly ignorePaused: boolean;
}

const EPERM = 1;

async function processOf(runtime: Runtime, config: Config, asked: ExecOptions["process"]): Promise<Process> {
  const own = config.process;
  if ("file" in asked) {
    const { process, warnings } = await checkProcess(asked.value, asked.text, asked.file);
    for (const fault of warnings) runtime.warn(faultLine(fault, asked.file));
    return withDefaults(process, own);
  }
  // of checked parts; what there is to warn of create has warned of
  return changedProcess(own, asked);
}

/** The container's first process; a status error where nothing can join it. */
function joinable(status: Status, process: ProcessRecord | undefined, options: ExecOptions): ProcessRecord {
  const refused =
    status === "stopped" || status === "creating" || (status === "paused" && !options.ignorePaused);
  if (refused || !process) throw new RuntsError("status", { id: options.id, step: "exec", detail: status });
  return process;
}

function checkTerminal({ terminal = false }: Process, { detach, consoleSocket }: ExecOptions): void {
  const refuse = (detail: string) => {
    throw new RuntsError("usage", { pointer: "/process/terminal", detail });
  };
  if (terminal && detach && consoleSocket === undefined)
    refuse("a terminal for a detached process needs --console-socket");
  if (!terminal && consoleSocket !== undefined)
    refuse("--console-socket is for a process with a terminal (--tty)");
}

function factsOf(runtime: Runtime, record: ContainerRecord, config: Config, options: ExecOptions): Facts {
  const { host, root } = runtime;
  const { id, bundle, noNewKeyring = false } = record;
  const profile = config.linux?.seccomp;
  return {
    config,
    id,
    bundle,
    root,
    record: "",
    configBytes: new Uint8Array(),
    ...findCaller(host),
    apparmorConfined: apparmorConfined(host, config),
    cgroup: undefined,
    resctrl: presentResctrl(config, id, record.resctrl?.mount),
    seccomp: profile && seccompFilter(runtime, config, profile, record.filter),
    idMapHelpers: undefined,
    pidFile: options.pidFile,
    consoleSocket: options.consoleSocket,
    pidfdSocket: options.pidfdSocket,
    noPivot: false,
    noNewKeyring,
    preserveFds: options.preserveFds,
    listenFds: 0,
    notify: undefined,
    startsAtOnce: true,
    staysAttached: !options.detach,
  };
}

/** Whether it was the place in the cgroup tree that was not to be had. */
function lacksCgroup(plan: Plan, { process, step, syscall }: Outcome): boolean {
  if (process !== 0) return false;
  const op = plan.runtime[step]?.op;
  return op === "openCgroup" || op === "enterCgroup" || (op === "cloneStage" && syscall === "clone3");
}

/**
 * Before it has executed the program, the first process of a container without root is out of reach where root is a
 * subordinate id: the kernel goes by the user namespace in which runts-init was executed, which is the host's;
 * ptrace(2), "Ptrace access mode checking".
 */
function explained(
  error: RuntsError | undefined,
  plan: Plan,
  { process, step, errno }: Outcome,
  created: boolean,
): RuntsError | undefined {
  const joins = process === 1 && plan.stage[step]?.op === "joinProcess";
  if (!error || !created || !joins || errno !== EPERM) return error;
  const detail =
    "root of the container is a subordinate id, so this user can join it only once it is started";
  return new RuntsError(error.code, { ...error.facts, pointer: "/linux/uidMappings", detail });
}

/** Init may go on from one cgroup to the next while we look. */
const attempts = 4;

/**
 * A cgroup that hands controllers down takes no processes: then it is that of init, which has moved, as systemd
 * does; so does one that is gone. An ordinary user may not be allowed to move a process there from where he is.
 */
function executeAnywhere(
  runtime: Runtime,
  joining: Joining,
  options: ExecOptions,
  created: boolean,
): Outcome {
  const { facts, target, cgroup } = joining;
  runtime.trace?.phase("plan");
  let place = cgroup;
  for (let count = 1; ; count++) {
    const plan = execPlan({ ...joining, cgroup: place });
    runtime.trace?.phase("steps");
    const outcome = attempt(runtime, plan);
    if (!hasFailed(outcome)) return outcome;
    const failure = explained(errorOf(plan, outcome), plan, outcome, created);
    const error = failure && withCause(runtime.host, plan, outcome, place, failure);
    if (!place || !lacksCgroup(plan, outcome) || options.cgroup !== undefined) throw error;
    if (count < attempts) {
      place = initCgroup(runtime.host, place.mount, target.pid);
      if (place) continue;
    }
    if (facts.privileged) throw error;
    runtime.warn("the process is not in the container's cgroup, which this user cannot move it to");
    place = undefined;
  }
}

/** A pointer into the process leads into what says what the process is. */
function placed(error: unknown, { process }: ExecOptions): unknown {
  if (!(error instanceof RuntsError) || !error.facts.pointer?.startsWith("/process/")) return error;
  const document = "file" in process ? process.file : "the process";
  return new RuntsError(error.code, { ...error.facts, document }, error.cause);
}

/** Runs a process in a container: its exit status, or 0 when it goes on in the background. */
export async function exec(runtime: Runtime, options: ExecOptions): Promise<number> {
  try {
    return await join(runtime, options);
  } catch (error) {
    throw placed(error, options);
  }
}

async function join(runtime: Runtime, options: ExecOptions): Promise<number> {
  const { host, trace } = runtime;
  checkPreserved(host, options.preserveFds);
  trace?.phase("record");
  const record = readRecord(runtime, options.id);
  const { status, process: init, waits } = standing(runtime, record);
  const target = joinable(status, init, options);
  trace?.phase("config.json");
  const kept = keptConfig(runtime, options.id);
  const process = await processOf(runtime, kept, options.process);
  checkTerminal(process, options);
  const config = { ...kept, process };
  trace?.about(record.bundle, config);
  trace?.phase("host");
  checkLabels(host, config);
  const joining: Joining = {
    facts: factsOf(runtime, record, config, options),
    target,
    rootfs: record.rootfs,
    cgroup: subCgroup(record.cgroup, options.cgroup),
    paused: status === "paused",
    detach: options.detach,
    doubtful: record.doubtful,
  };
  try {
    const outcome = executeAnywhere(runtime, joining, options, waits);
    if (options.detach) return 0;
    const memory = killedForMemory(runtime.host, record.cgroup, outcome.exitStatus);
    if (memory !== undefined) runtime.warn(memory);
    return outcome.exitStatus;
  } catch (error) {
    const { bundle } = record;
    const config = record.config ?? configIn(bundle);
    const copy = keptPath(runtime, options.id);
    const processText = "file" in options.process ? options.process.text : "";
    const root = `/proc/${target.pid}/root`;
    throw inScene(error, { bundle, config, copy, root, process: toJson(process), processText });
  }
}
