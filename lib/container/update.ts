// SPDX-License-Identifier: Apache-2.0

import { loadConfig } from "../config/load.ts";
import type { Resources } from "../config/types.ts";
import { accept, validate } from "../config/validate.ts";
import { RuntsError } from "../errors.ts";
import type { Json } from "../host.ts";
import type { CgroupOnRecord } from "../plan/delete.ts";
import { neededControllers } from "../plan/limits.ts";
import { setScope } from "../plan/scope.ts";
import { noSteps, type Step } from "../plan/step.ts";
import {
  enablePlan,
  keepExact,
  newDeviceRules,
  type Place,
  schemataSteps,
  updateSteps,
} from "../plan/update.ts";
import { hasBfq, takeAllOrNone } from "./all-or-none.ts";
import { findControllers } from "./controllers.ts";
import { execute } from "./execute.ts";
import { isPrivileged } from "./facts.ts";
import { withLock } from "./lock.ts";
import { checkPresentUse } from "./memory-use.ts";
import { readerOf, withoutVersion1, withPresent } from "./present.ts";
import { folderOf, readRecord } from "./record.ts";
import { resctrlOf } from "./resctrl.ts";
import type { Runtime } from "./runtime.ts";
import { standing } from "./status.ts";

/** What is to be different. */
export interface Changes {
  /** linux.resources: what is not in it stays as it is */
  readonly resources: Json;
  /** where they were read, for errors */
  readonly file: string;
  /** new lines for the schemata of the container's resctrl class */
  readonly schemata: readonly string[];
}

const resourcesPointer = "/linux/resources";

/** The resources checked as those of a config.json are. */
async function checkResources(resources: Json, file: string): Promise<Resources> {
  const value: Json = { ociVersion: "1.0.0", root: { path: "/" }, linux: { resources } };
  const text = JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}` : part));
  const accepted = accept(value, text);
  if (accepted) return accepted.config.linux?.resources ?? {};
  const { faults } = await validate(value, { text });
  const places = faults.map(({ line: _line, column: _column, ...fault }) => ({
    ...fault,
    pointer: fault.pointer.replace(resourcesPointer, ""),
  }));
  throw new RuntsError("invalid", { file, faults: places });
}

/** Where the container's cgroup is, of a container that can be updated. */
function placeOf(runtime: Runtime, id: string): CgroupOnRecord {
  const record = readRecord(runtime, id);
  const { status } = standing(runtime, record);
  if (status === "stopped" || status === "creating")
    throw new RuntsError("status", { id, step: "update", detail: status });
  if (!record.cgroup)
    throw new RuntsError("system", { detail: "the container has no cgroup of its own", id });
  return record.cgroup;
}

/** Enables the controllers that the limits need, so that their files say what holds now. */
function enable(runtime: Runtime, place: Place, wanted: Resources): void {
  const { needed } = findControllers(runtime.host, place.mount, neededControllers(wanted));
  if (needed.length > 0) execute(runtime, enablePlan(place, needed));
}

/** What is to be changed beside the limits, for which the container's own config must be known. */
async function otherSteps(
  runtime: Runtime,
  id: string,
  devices: Resources["devices"],
  lines: readonly string[],
): Promise<readonly Step[]> {
  if (!devices && lines.length === 0) return noSteps;
  const { host } = runtime;
  const { config } = await loadConfig(host, folderOf(runtime, id));
  const schemata = lines.length === 0 ? noSteps : schemataSteps(resctrlOf(host, config, id), lines);
  // device rules last: nothing after them can fail, so they need never be taken back
  return [...schemata, ...newDeviceRules(devices, config, isPrivileged(host))];
}

/**
 * Gives the container other limits, device rules and resctrl lines, while no other command changes it. What the
 * kernel refuses leaves all as they were; a value that cannot be set back is told.
 */
export async function update(runtime: Runtime, id: string, changes: Changes): Promise<void> {
  try {
    await change(runtime, id, changes);
  } catch (error) {
    throw inDocument(error, changes.file);
  }
}

/** What was asked for stands in no config.json. */
function inDocument(error: unknown, file: string): unknown {
  if (!(error instanceof RuntsError)) return error;
  const { pointer = "" } = error.facts;
  if (error.code === "invalid" || !pointer.startsWith(`${resourcesPointer}/`)) return error;
  const facts = {
    ...error.facts,
    document: file.slice(file.lastIndexOf("/") + 1),
    pointer: pointer.slice(resourcesPointer.length),
  };
  return new RuntsError(error.code, facts, error.cause);
}

async function change(runtime: Runtime, id: string, changes: Changes): Promise<void> {
  await withLock(runtime, id, async () => {
    const place = placeOf(runtime, id);
    const folder = `${place.mount}${place.path}`;
    const read = readerOf(runtime.host, folder);
    const asked = withoutVersion1(changes.resources, (message) => runtime.warn(message));
    const wanted = await checkResources(withPresent(asked, read), changes.file);
    checkPresentUse(runtime.host, folder, wanted.memory);
    const others = await otherSteps(runtime, id, wanted.devices, changes.schemata);
    enable(runtime, place, wanted);
    const limits = updateSteps(wanted, read);
    // systemd first: what it writes is rounded to whole percents of a quota
    const told = place.scope ? setScope(place.scope, limits, hasBfq(read)) : noSteps;
    const kept = told.length > 0 ? keepExact(limits, read) : noSteps;
    takeAllOrNone(runtime, place, [...told, ...kept, ...limits, ...others], read);
  });
}
