// SPDX-License-Identifier: Apache-2.0

/** What the cgroup tells about a failure beyond its errno, read before the cgroup is removed. */

import { RuntsError } from "../errors.ts";
import type { Outcome } from "../host.ts";
import { processNames } from "../plan/generated/steps.ts";
import type { Plan, Step } from "../plan/step.ts";
import { type FileHost, readText, words } from "./controllers.ts";

interface Place {
  readonly mount: string;
  readonly path: string;
}

const [EPERM, ENOENT, E2BIG, EAGAIN, ENOMEM, EACCES, EBUSY, EINVAL, EROFS, EPIPE, ENOTSUP, ECONNRESET] = [
  1, 2, 7, 11, 12, 13, 16, 22, 30, 32, 95, 104,
];

/** A number of a flat-keyed file, such as memory.events; 0 where it has none. */
function count(text: string | undefined, key: string): number {
  const line = (text ?? "").split("\n").find((row) => row.startsWith(`${key} `));
  return Number(line?.slice(key.length) ?? 0);
}

/** The limit that was met, as a phrase. */
function limitOf(host: FileHost, folder: string): string {
  const limit = readText(host, `${folder}/memory.max`)?.trim() ?? "max";
  return limit === "max" ? "a limit above that of its own cgroup" : `memory.max of ${limit} bytes`;
}

/** The phrase for it, where the kernel has ended a process for want of memory, or has refused it some. */
function outOfMemory(
  host: FileHost,
  { mount, path }: Place,
  plan: Plan,
  { errno, syscall, detail }: Outcome,
): string | undefined {
  const folder = `${mount}${path}`;
  const events = readText(host, `${folder}/memory.events`);
  const joins = plan.runtime.some(({ op }) => op === "openProcess");
  const little = () =>
    `${limitOf(host, folder)} is too little for ${joins ? "another process" : "a container to start"}`;
  if (count(events, "oom_kill") > 0 && [EPIPE, ECONNRESET, ENOMEM].includes(errno))
    return `the kernel's out-of-memory killer ended it: ${little()}`;
  // one that has not even come to execute runts-init has no words for it
  const refused = errno === ENOMEM || (errno === E2BIG && syscall === "execveat");
  if (count(events, "max") > 0 && (refused || detail.endsWith("exited with status 127")))
    return `the kernel refused it memory: ${little()}`;
  return undefined;
}

/** 128 and SIGKILL: so ends what the out-of-memory killer has chosen. */
const endedBySigkill = 137;

/** What a program that ended with this status may have ended of; undefined where its cgroup knows nothing of it. */
export function killedForMemory(
  host: FileHost,
  place: Place | undefined,
  status: number,
): string | undefined {
  if (status !== endedBySigkill || place === undefined) return undefined;
  const folder = `${place.mount}${place.path}`;
  const kills = count(readText(host, `${folder}/memory.events`), "oom_kill");
  if (kills === 0) return undefined;
  const victims = kills === 1 ? "a process" : `${kills} processes`;
  return `the kernel's out-of-memory killer has ended ${victims} of the container, for ${limitOf(host, folder)}`;
}

/** Of what the configuration asked for, the one that counted in the end. */
function askedFor(plan: Plan, file: string): string | undefined {
  return plan.runtime.findLast((step) => step.op === "writeCgroup" && step.file === file)?.from;
}

/** Why a cgroup does not hand controllers down; cgroup-v2.rst, "no internal process constraint" and "threads". */
function notHandedDown(host: FileHost, { mount, path }: Place, errno: number): string | undefined {
  const type = readText(host, `${mount}${path}/cgroup.type`)?.trim() ?? "domain";
  const file = `its ${path === "/" ? "" : `${path}/`}cgroup.subtree_control`;
  if (errno === EBUSY) {
    const processes = words(readText(host, `${mount}${path}/cgroup.procs`));
    const some = processes.slice(0, 5).join(", ") + (processes.length > 5 ? ", ..." : "");
    return `cgroup ${path} has processes of its own (${some || "none by now"}), so that it cannot hand controllers down: move them to a cgroup below it, or choose another cgroupsPath`;
  }
  if (errno === ENOTSUP || type !== "domain")
    return `cgroup ${path} is of a threaded subtree (cgroup.type: ${type}), which has only the controllers that work on threads: choose another cgroupsPath`;
  if (errno === ENOENT) return `cgroup ${path} has not been handed all of them by the one above it`;
  if (errno === EINVAL)
    return `cpu goes to no cgroup below ${path} while a real-time process is in one, where the kernel has CONFIG_RT_GROUP_SCHED`;
  if ([EACCES, EPERM, EROFS].includes(errno))
    return `not all of them are enabled for the cgroups below ${path}, and this user may not write to ${file}`;
  return undefined;
}

/** The cgroup and those above it, up to the mount's own. */
function upwards(path: string): readonly string[] {
  const parts = path.split("/").slice(1);
  return parts.map((_, gone) => `/${parts.slice(0, parts.length - gone).join("/")}`);
}

/** Which of the kernel's two limits of cgroups has been reached where; cgroup-v2.rst, "limiting". */
function tooMany(host: FileHost, mount: string, path: string): string | undefined {
  let missing = 0; // what was made has been removed again
  for (const [deeper, at] of upwards(path).entries()) {
    const folder = `${mount}${at}`;
    // "max" is no number, and nothing is more than that
    const limitOf = (file: string): number => Number(readText(host, `${folder}/${file}`) ?? Number.NaN);
    const [depth, descendants] = [limitOf("cgroup.max.depth"), limitOf("cgroup.max.descendants")];
    if (deeper > depth) return `cgroup.max.depth of cgroup ${at} is ${depth}`;
    if (count(readText(host, `${folder}/cgroup.stat`), "nr_descendants") + missing > descendants)
      return `cgroup.max.descendants of cgroup ${at} is ${descendants}`;
    if (host.kind(folder) === "missing") missing += 1;
  }
  return undefined;
}

function notMade(host: FileHost, { mount, path }: Place, errno: number): string | undefined {
  if (errno === EAGAIN) return tooMany(host, mount, path);
  if (errno !== EBUSY) return undefined;
  const frozen = upwards(path).find((at) => readText(host, `${mount}${at}/cgroup.freeze`)?.trim() === "1");
  return frozen === undefined || frozen === path ? undefined : `cgroup ${frozen} above it is`;
}

function notCloned(host: FileHost, { mount, path }: Place, errno: number): string | undefined {
  const folder = `${mount}${path}`;
  const type = readText(host, `${folder}/cgroup.type`)?.trim() ?? "domain";
  if (errno === ENOTSUP && type !== "domain")
    return `cgroup ${path} is below one with threads or processes (cgroup.type: ${type}) and takes no process: choose another cgroupsPath`;
  if (errno === EBUSY && words(readText(host, `${folder}/cgroup.subtree_control`)).length > 0)
    return `cgroup ${path} hands controllers to cgroups below it, and so takes no process: choose another cgroupsPath`;
  if (errno === EAGAIN && isFull(host, mount, path))
    return `the limit of processes (pids.max) of cgroup ${path} or of one above it is reached`;
  return undefined;
}

function isFull(host: FileHost, mount: string, path: string): boolean {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const max = readText(host, `${mount}${at}/pids.max`)?.trim() ?? "max";
    const current = Number(readText(host, `${mount}${at}/pids.current`) ?? 0);
    if (max !== "max" && current >= Number(max)) return true;
  }
  return false;
}

function reason(host: FileHost, step: Step | undefined, outcome: Outcome, cgroup: Place): string | undefined {
  const { errno, syscall } = outcome;
  switch (step?.op) {
    case "enableControllers":
      return syscall === "write" ? notHandedDown(host, step, errno) : undefined;
    case "makeCgroup":
      return notMade(host, step, errno);
    case "cloneStage":
    case "cloneInit":
      return syscall === "clone3" ? notCloned(host, cgroup, errno) : undefined;
    default:
      return undefined;
  }
}

/** The error with the reason for it, where the cgroup tells one; else the error as it is. */
export function withCause(
  host: FileHost,
  plan: Plan,
  outcome: Outcome,
  cgroup: Place | undefined,
  error: RuntsError,
): RuntsError {
  if (!cgroup || error.code !== "step") return error;
  const memory = outOfMemory(host, cgroup, plan, outcome);
  if (memory !== undefined) {
    const { step = "" } = error.facts;
    const pointer = askedFor(plan, "memory.max") ?? "/linux/resources/memory/limit";
    return new RuntsError("step", { step, pointer, detail: memory });
  }
  const name = processNames[outcome.process];
  const why = reason(host, name && plan[name][outcome.step], outcome, cgroup);
  if (why === undefined) return error;
  const { pointer = "" } = error.facts;
  // what clone3 is told of the cgroup comes from no other node
  const place = outcome.syscall === "clone3" ? "/linux/cgroupsPath" : pointer;
  return new RuntsError("step", { ...error.facts, pointer: place, detail: `${outcome.detail}: ${why}` });
}
