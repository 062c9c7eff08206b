// SPDX-License-Identifier: Apache-2.0

import { type Facts, type ScopePlace, scopeOf } from "./facts.ts";
import { isNewer, limitProperties, type Property } from "./scope-limits.ts";
import { noSteps, type Step } from "./step.ts";

/** How systemd is reached; what later commands need of it is on record. */
export type Manager = Pick<ScopePlace, "addresses" | "uid">;

const yes = (name: string): Property => [name, "b", "1"];

/** systemd.scope(5): ours to divide, counted whole, and forgotten once its last process has ended. */
function scopeProperties(id: string, slice: string): readonly Property[] {
  return [
    ["Description", "s", `runts container ${id}`],
    ["Slice", "s", slice],
    yes("Delegate"),
    yes("CPUAccounting"),
    yes("MemoryAccounting"),
    yes("IOAccounting"),
    yes("TasksAccounting"),
    // else it would end with the first of the targets that are stopped when the machine is
    ["DefaultDependencies", "b", "0"],
    ["CollectMode", "s", "inactive-or-failed"],
  ];
}

/** The properties as they are sent, and apart those that may be left out. */
const sorted = (properties: readonly Property[]) => ({
  properties: properties.filter((one) => !isNewer(one)).flat(),
  newer: properties.filter(isNewer).flat(),
});

/**
 * The cgroup where systemd makes it. A scope is made around processes, so this comes after init is cloned, which
 * waits for it: nothing but runts-init's few pages is counted elsewhere.
 */
export function startScope(facts: Facts, limits: readonly Step[]): readonly Step[] {
  const scope = scopeOf(facts);
  if (!scope || !facts.cgroup) return noSteps;
  const { mount, path } = facts.cgroup;
  const { addresses, uid, unit, slice, hasBfq, annotated } = scope;
  const asked = new Set(annotated.map(([name]) => name));
  const ours = [...scopeProperties(facts.id, slice), ...limitProperties(limits, hasBfq)];
  const { properties, newer } = sorted(ours.filter(([name]) => !asked.has(name)));
  return [
    {
      op: "startScope",
      from: "/linux/cgroupsPath",
      ...{ addresses, uid, unit, properties: [...properties, ...annotated.flat()], newer, mount, path },
    },
  ];
}

/** Everything of the cgroup holds now, and init may go on: it makes its cgroup namespace here. */
export function tellPlaced(facts: Facts): readonly Step[] {
  return scopeOf(facts)
    ? [{ op: "signal", from: "/linux/cgroupsPath", to: "init", event: "placed" }]
    : noSteps;
}

export function awaitPlaced(facts: Facts): readonly Step[] {
  return scopeOf(facts)
    ? [{ op: "wait", from: "/linux/cgroupsPath", of: "runtime", event: "placed" }]
    : noSteps;
}

export interface ScopeOnRecord extends Manager {
  readonly unit: string;
}

/** So that systemd's own idea of the limits stays that of the cgroup's files. */
export function setScope(
  { addresses, uid, unit }: ScopeOnRecord,
  limits: readonly Step[],
  hasBfq: boolean,
): readonly Step[] {
  // systemd takes no other policy of a unit that runs
  const known = limitProperties(limits, hasBfq).filter(([name]) => name !== "OOMPolicy");
  if (known.length === 0) return noSteps;
  return [{ op: "setScope", from: "/linux/resources", addresses, uid, unit, ...sorted(known) }];
}

export function stopScope({ addresses, uid, unit }: ScopeOnRecord, milliseconds: number): Step {
  return { op: "stopScope", from: "", addresses, uid, unit, milliseconds };
}
