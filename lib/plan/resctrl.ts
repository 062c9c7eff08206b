// SPDX-License-Identifier: Apache-2.0

import type { Facts } from "./facts.ts";
import type { Step } from "./step.ts";

/** Where the container's processes get their share of caches and memory bandwidth; config-linux.md#intelrdt. */
export interface ResctrlGroup {
  /** the resctrl mount */
  readonly mount: string;
  /** below it; empty for the default class */
  readonly group: string;
  readonly makes: boolean;
  /** of its schemata file, each in a write of its own */
  readonly lines: readonly string[];
  /** the container's monitoring group, below the mount */
  readonly monitor: string | undefined;
  /** it is not the container's alone, and stays when that is deleted */
  readonly keeps: boolean;
}

/** What delete must know: folders to remove, and of a create that failed. */
export interface ResctrlRemains {
  readonly mount: string;
  readonly remove: readonly string[];
  readonly undo: readonly string[];
}

const from = "/linux/intelRdt";

/** Before init exists: a class that the kernel refuses is the commonest failure. */
export function makeResctrl({ resctrl }: Facts): readonly Step[] {
  if (!resctrl) return [];
  const { mount, group, makes, lines, monitor } = resctrl;
  const steps: Step[] = [];
  if (makes) steps.push({ op: "makeResctrl", from: `${from}/closID`, mount, path: group });
  for (const value of lines)
    steps.push({ op: "writeResctrl", from: `${from}/schemata`, mount, path: group, value });
  if (monitor) steps.push({ op: "makeResctrl", from: `${from}/enableMonitoring`, mount, path: monitor });
  return steps;
}

/** Init alone: whatever it starts begins where it is. */
export function joinResctrl({ resctrl }: Facts): readonly Step[] {
  if (!resctrl) return [];
  const { mount, group, monitor } = resctrl;
  return [group, ...(monitor ? [monitor] : [])].map((path) => ({ op: "joinResctrl", from, mount, path }));
}

export function resctrlRemains({ mount, group, makes, monitor, keeps }: ResctrlGroup): ResctrlRemains {
  // a class goes with the monitoring groups below it
  const watched = monitor ? [monitor] : [];
  const undo = makes ? [...watched, group] : watched;
  return { mount, undo, remove: keeps ? watched : undo };
}

export function removeResctrl(remains: ResctrlRemains | undefined, failed: boolean): readonly Step[] {
  if (!remains) return [];
  const { mount, remove, undo } = remains;
  return (failed ? undo : remove).map((path) => ({ op: "removeResctrl", from: "", mount, path }));
}
