// SPDX-License-Identifier: Apache-2.0

import type { Resources } from "../config/types.ts";
import { accept, validate } from "../config/validate.ts";
import { RuntsError } from "../errors.ts";
import type { Host, Json } from "../host.ts";
import { isObject } from "../json.ts";
import { neededControllers } from "../plan/cgroups.ts";
import type { Step } from "../plan/step.ts";
import { type Updated, updatePlan, updateSteps } from "../plan/update.ts";
import { findControllers } from "./controllers.ts";
import { attempt, errorOf } from "./execute.ts";
import { checkPresentUse } from "./memory-use.ts";
import { readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { standing } from "./status.ts";

const limit = 1 << 20;

/** The resources checked as those of a config.json are. */
async function checkResources(resources: Json, file: string): Promise<Resources> {
  const value: Json = { ociVersion: "1.0.0", root: { path: "/" }, linux: { resources } };
  const text = JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}` : part));
  const accepted = accept(value, text);
  if (accepted) return accepted.config.linux?.resources ?? {};
  const { faults } = await validate(value, { text });
  const places = faults.map(({ line: _line, column: _column, ...fault }) => ({
    ...fault,
    pointer: fault.pointer.replace(/^\/linux\/resources/, ""),
  }));
  throw new RuntsError("invalid", { file, faults: places });
}

type Reader = (file: string) => string | undefined;

function readerOf(host: Host, folder: string): Reader {
  return (file) => {
    try {
      return host.decode(host.readFile(`${folder}/${file}`, limit)).trim();
    } catch {
      return undefined; // its controller is not there, or not yet enabled
    }
  };
}

/** Swap counts memory and swap together, so a new one alone goes with the limit that is there. */
function withPresentLimit(resources: Json, read: Reader): Json {
  const memory = isObject(resources) ? resources.memory : undefined;
  if (!isObject(resources) || !isObject(memory) || memory.limit || !memory.swap) return resources;
  const present = read("memory.max") ?? "max";
  return /^\d+$/.test(present) ? { ...resources, memory: { ...memory, limit: BigInt(present) } } : resources;
}

/** What the files say now, to be written back when one of the new values is refused. */
function presentValues(steps: readonly Step[], read: Reader): readonly Step[] {
  return steps.flatMap((step) => {
    if (step.op !== "writeCgroup" && step.op !== "writeCgroupPresent") return [];
    if (step.file === "io.max" || step.file === "rdma.max") return [];
    // the burst steps aside for the quota: lib/plan/update.ts
    const aside = step.op === "writeCgroup" && step.file === "cpu.max.burst" && step.value === "0";
    const value = aside ? "0" : read(step.file);
    return value === undefined || value === "" ? [] : [{ ...step, value }];
  });
}

/** Gives the container other limits. A value that the kernel refuses leaves all as they were. */
export async function update(runtime: Runtime, id: string, asked: Json, file: string): Promise<void> {
  const { host } = runtime;
  const record = readRecord(runtime, id);
  const { status } = standing(runtime, record);
  if (status === "stopped" || status === "creating")
    throw new RuntsError("status", { id, step: "update", detail: status });
  const { cgroup } = record;
  if (!cgroup) throw new RuntsError("system", { detail: "the container has no cgroup of its own", id });
  const folder = `${cgroup.mount}${cgroup.path}`;
  const read = readerOf(host, folder);
  const wanted = await checkResources(withPresentLimit(asked, read), file);
  checkPresentUse(host, folder, wanted.memory, "/memory/limit");
  if (wanted.devices) runtime.warn("update leaves the device rules as they are, as with runc");
  const steps = updateSteps(wanted);
  const { needed } = findControllers(host, cgroup.mount, neededControllers(wanted));
  const place: Updated = { ...cgroup, needed };
  const before = presentValues(steps, read);
  const plan = updatePlan(place, steps);
  const error = errorOf(plan, attempt(runtime, plan));
  if (error === undefined) return;
  for (const step of before) attempt(runtime, updatePlan({ ...cgroup, needed: [] }, [step]));
  throw error;
}
