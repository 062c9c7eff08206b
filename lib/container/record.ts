// SPDX-License-Identifier: Apache-2.0

import type { Annotations, Hook, Hooks } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { CgroupOnRecord } from "../plan/delete.ts";
import type { ResctrlRemains } from "../plan/resctrl.ts";
import type { ScopeOnRecord } from "../plan/scope.ts";
import type { SeccompListener } from "../plan/seccomp-listener.ts";
import { checkId } from "./id.ts";
import type { Runtime } from "./runtime.ts";

/** state.json of a container's folder: written once, before create has any other effect. */
export interface ContainerRecord {
  readonly version: 1;
  readonly id: string;
  readonly bundle: string;
  readonly rootfs: string;
  /** the configuration it was made from, where that is not the bundle's config.json */
  readonly config?: string;
  /** RFC 3339 */
  readonly created: string;
  readonly annotations?: Annotations;
  readonly hasProcess: boolean;
  /** its processes are in a pid namespace that is not its own: they do not end with the first of them */
  readonly sharesPids?: boolean;
  /** those that later commands run */
  readonly hooks?: Pick<Hooks, "poststart" | "poststop">;
  readonly cgroup?: CgroupOnRecord;
  readonly resctrl?: ResctrlRemains;
  /** who start must tell of the filter */
  readonly listener?: SeccompListener;
  /** the file below the root with its compiled filter */
  readonly filter?: string;
  /** the container's processes keep the caller's session keyring */
  readonly noNewKeyring?: boolean;
  /** see `Starting` of ../plan/start.ts */
  readonly doubtful?: boolean;
  /**
   * What init does after its start: without it, start cannot say what failed. JSON in a string, so that the
   * other commands need not look into it; see `late.ts`.
   */
  readonly late?: string;
}

/** Init, as create put it on record; absent while the container is being created. */
export interface ProcessRecord {
  readonly pid: number;
  /** in clock ticks after boot, field 22 of proc_pid_stat(5) */
  readonly startTime: number;
}

const recordLimit = 1 << 20;

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isHook(value: unknown): value is Hook {
  return isObject(value) && typeof value.path === "string";
}

function isHookList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every(isHook));
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === "string");

function isResctrl(value: unknown): value is ResctrlRemains {
  return isObject(value) && typeof value.mount === "string" && isTexts(value.remove) && isTexts(value.undo);
}

function isScope(value: unknown): value is ScopeOnRecord {
  return (
    isObject(value) &&
    isTexts(value.addresses) &&
    typeof value.uid === "number" &&
    typeof value.unit === "string"
  );
}

function isCgroup(value: unknown): value is CgroupOnRecord {
  if (!isObject(value) || typeof value.mount !== "string" || typeof value.path !== "string") return false;
  return value.scope === undefined || isScope(value.scope);
}

function isListener(value: unknown): value is SeccompListener {
  if (!isObject(value) || typeof value.path !== "string") return false;
  return value.metadata === undefined || typeof value.metadata === "string";
}

function isRecord(value: unknown): value is ContainerRecord {
  if (!isObject(value) || value.version !== 1) return false;
  const { id, bundle, rootfs, created, annotations, hasProcess, hooks, cgroup, resctrl, listener, late } =
    value;
  const { config, sharesPids, filter, noNewKeyring, doubtful } = value;
  return (
    [id, bundle, rootfs, created].every((text) => typeof text === "string") &&
    typeof hasProcess === "boolean" &&
    (sharesPids === undefined || typeof sharesPids === "boolean") &&
    (config === undefined || typeof config === "string") &&
    (annotations === undefined ||
      (isObject(annotations) && Object.values(annotations).every((text) => typeof text === "string"))) &&
    (hooks === undefined || (isObject(hooks) && isHookList(hooks.poststart) && isHookList(hooks.poststop))) &&
    (cgroup === undefined || isCgroup(cgroup)) &&
    (resctrl === undefined || isResctrl(resctrl)) &&
    (listener === undefined || isListener(listener)) &&
    (filter === undefined || (typeof filter === "string" && /^\.seccomp-[0-9a-z-]+$/.test(filter))) &&
    (noNewKeyring === undefined || typeof noNewKeyring === "boolean") &&
    (doubtful === undefined || typeof doubtful === "boolean") &&
    (late === undefined || typeof late === "string")
  );
}

/** errno of a thrown system failure; 0 for anything else */
export function errnoOf(error: unknown): number {
  return isObject(error) && typeof error.errno === "number" ? error.errno : 0;
}

const ENOENT = 2;
const ENOTDIR = 20;

function readText(host: Host, path: string): string | undefined {
  try {
    return host.decode(host.readFile(path, recordLimit));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === ENOENT || errno === ENOTDIR) return undefined;
    throw new RuntsError("state", { file: path, errno }, error);
  }
}

export function folderOf({ root }: Runtime, id: string): string {
  return `${root}/${id}`;
}

/** The container's record; "not-found" when there is none, "state" when it is damaged. */
export function readRecord(runtime: Runtime, id: string): ContainerRecord {
  checkId(id);
  const file = `${folderOf(runtime, id)}/state.json`;
  const text = readText(runtime.host, file);
  if (text === undefined) {
    const folder = runtime.host.kind(folderOf(runtime, id));
    // made, but its create has not come to write, or was killed before it could
    throw new RuntsError(folder === "directory" ? "state" : "not-found", { id, file });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RuntsError("state", { id, file }, error);
  }
  if (!isRecord(value)) throw new RuntsError("state", { id, file });
  return value;
}

export function readProcess(runtime: Runtime, id: string): ProcessRecord | undefined {
  const file = `${folderOf(runtime, id)}/process`;
  const text = readText(runtime.host, file);
  if (text === undefined) return undefined;
  const match = /^(\d+) (\d+)\n$/.exec(text);
  if (!match) throw new RuntsError("state", { id, file });
  return { pid: Number(match[1]), startTime: Number(match[2]) };
}
