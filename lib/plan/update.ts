// SPDX-License-Identifier: Apache-2.0

import type { Config, DeviceRule, Resources } from "../config/types.ts";
import { enableControllers } from "./cgroups.ts";
import { deviceFilter, rulesWithListed } from "./device-filter.ts";
import type { CgroupPlace } from "./facts.ts";
import { limitSteps, processSteps } from "./limits.ts";
import type { ResctrlGroup } from "./resctrl.ts";
import { deviceWeights, type Reader } from "./restore.ts";
import { noSteps, type Plan, type Step } from "./step.ts";

export type Place = Pick<CgroupPlace, "mount" | "path">;

/** A limit as the kernel writes it; "50000 100000" counts as its first word. */
function amount(text: string | undefined): number {
  const [word = "max"] = (text ?? "").split(" ");
  return word === "max" || word === "" ? Number.POSITIVE_INFINITY : Number(word);
}

type Write = Extract<Step, { readonly op: "writeCgroup" | "writeCgroupPresent" }>;

const writes = (step: Step | undefined, file: string): step is Write =>
  (step?.op === "writeCgroup" || step?.op === "writeCgroupPresent") && step.file === file;

/** Puts the two files' steps in this order, where both are written. */
function order(steps: readonly Step[], first: string, second: string): readonly Step[] {
  const find = (file: string): number => steps.findIndex((step) => writes(step, file));
  const [a, b] = [find(first), find(second)];
  const [one, other] = [steps[a], steps[b]];
  if (!one || !other || a < b) return steps;
  return steps.map((step, at) => (at === a ? other : at === b ? one : step));
}

/** A new default weight is not one for the devices that have their own: they are told again, before any new one. */
function keepDeviceWeights(steps: readonly Step[], read: Reader): readonly Step[] {
  return steps.flatMap((step) =>
    step.op === "writeCgroupEither" && step.from.endsWith("/blockIO/weight")
      ? [step, ...deviceWeights(step.from, read)]
      : [step],
  );
}

/** One that is idle no more has the default weight by itself: this says so to systemd, which else would have it idle. */
function endIdle(steps: readonly Step[], read: Reader): readonly Step[] {
  const end = steps.find((step) => writes(step, "cpu.idle") && step.value === "0");
  if (!end || read("cpu.idle") !== "1" || steps.some((step) => writes(step, "cpu.weight"))) return steps;
  return [...steps, { op: "writeCgroup", from: end.from, file: "cpu.weight", value: "100" }];
}

/** A quota alone leaves the period that is there: this says so to systemd, which else would count with 100 ms. */
function keepPeriod(steps: readonly Step[], read: Reader): readonly Step[] {
  const period = read("cpu.max")?.split(" ")[1];
  return steps.map((step) =>
    writes(step, "cpu.max") && period !== undefined && /^\w+$/.test(step.value)
      ? { ...step, value: `${step.value} ${period}` }
      : step,
  );
}

/**
 * All limits that the resources ask for, in an order in which each is valid beside those that are still there.
 * cpu.max.burst may never be more than the quota; and memory that is to shrink may need the swap it still has.
 */
export function updateSteps(resources: Resources, read: Reader): readonly Step[] {
  const limits = endIdle(keepPeriod(keepDeviceWeights(limitSteps(resources), read), read), read);
  const steps = [...limits, ...processSteps(resources)];
  const lowers = (file: string): boolean => {
    const step = steps.find((one): one is Write => writes(one, file));
    return step !== undefined && amount(step.value) < amount(read(file));
  };
  const [burst, swap] = ["cpu.max.burst", "memory.swap.max"];
  const memory = lowers(swap) ? order(steps, "memory.max", swap) : order(steps, swap, "memory.max");
  return lowers(burst) ? order(memory, burst, "cpu.max") : order(memory, "cpu.max", burst);
}

/**
 * systemd writes all that it knows of a unit again, a quota in whole percents and no process as one: what is not to be
 * changed is to stay exact.
 */
export function keepExact(limits: readonly Step[], read: Reader): readonly Step[] {
  return ["cpu.max", "pids.max"].flatMap((file): readonly Step[] => {
    const value = read(file);
    if (value === undefined || limits.some((step) => writes(step, file))) return noSteps;
    return [{ op: "writeCgroup", from: "/linux/resources", file, value }];
  });
}

/** New device rules. Those that create attached are replaced at once: there is no moment without any. */
export function newDeviceRules(
  rules: readonly DeviceRule[] | undefined,
  created: Config,
  privileged: boolean,
): readonly Step[] {
  if (!rules) return noSteps;
  const listed = created.linux?.devices;
  const program = deviceFilter(rulesWithListed(listed, rules));
  const first = deviceFilter(rulesWithListed(listed, created.linux?.resources?.devices));
  const same = program.length === first.length && program.every((byte, i) => byte === first[i]);
  return [
    {
      op: "replaceDeviceFilter",
      from: "/linux/resources/devices",
      program,
      // as with create
      optional: privileged ? 0 : 1,
      // engines send the whole of a container's resources to change one: where a GPU's own tool has put another
      // program in the place of ours, rules that nobody changes must not come back beside it
      created: same ? 1 : 0,
    },
  ];
}

/** New lines for the container's resctrl class; config-linux.md#intelrdt. */
export function schemataSteps(
  { mount, group }: Pick<ResctrlGroup, "mount" | "group">,
  lines: readonly string[],
): readonly Step[] {
  return lines.map((value) => ({
    op: "writeResctrl",
    from: "/linux/intelRdt",
    mount,
    path: group,
    value,
  }));
}

/** Enables what the limits need above a cgroup that is there. */
export function enablePlan(place: Place, needed: readonly string[]): Plan {
  return { runtime: enableControllers({ ...place, needed, offered: [] }), stage: noSteps, init: noSteps };
}

/** Takes the steps on a cgroup that is there. */
export function updatePlan({ mount, path }: Place, steps: readonly Step[]): Plan {
  return {
    runtime: [{ op: "openCgroup", from: "", mount, path }, ...steps],
    stage: noSteps,
    init: noSteps,
  };
}
