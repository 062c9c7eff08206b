// SPDX-License-Identifier: Apache-2.0

import { escapeToken } from "../../json.ts";
import type { Resources } from "../types.ts";
import { fault, type Subject } from "./subject.ts";

/** What Docker sends for a swappiness that is not set: -1, unsigned. */
export const unsetSwappiness = 18446744073709551615n;

/** swap counts memory and swap together, so it means nothing without a memory limit, or below it. */
function memory(subject: Subject, resources: Resources): void {
  const { limit = 0, swap = 0, swappiness = 0 } = resources.memory ?? {};
  if (swappiness > 100 && swappiness !== unsetSwappiness)
    fault(subject, "range", "/linux/resources/memory/swappiness", "an integer from 0 to 100");
  if (swap <= 0 || limit < 0) return; // 0 is not set, -1 no limit
  if (limit === 0)
    fault(subject, "conflict", "/linux/resources/memory/swap", "a memory limit, which swap includes");
  else if (swap < limit)
    fault(subject, "range", "/linux/resources/memory/swap", `at least the memory limit, ${limit}`);
}

function cpu(subject: Subject, resources: Resources): void {
  const { quota = 0, burst = 0 } = resources.cpu ?? {};
  if (quota > 0 && burst > quota)
    fault(subject, "range", "/linux/resources/cpu/burst", `at most the quota, ${quota}`);
}

/** Files of every cgroup that are no limits: what is written to them takes processes in, or ends them. */
const noLimits: ReadonlyMap<string, string> = new Map([
  [
    "cgroup.procs",
    "not set: it would move processes of the host into the container, which ends them with it",
  ],
  ["cgroup.threads", "not set: it would move threads of the host into the container"],
  ["cgroup.kill", "not set: the command kill ends the processes of a container"],
  ["cgroup.type", "not set: a container needs a domain, which its cgroup is"],
]);

/** CONTROLLER.PARAMETER, as all files of cgroups are called. */
const isFileName = (name: string): boolean => /^[^/.\s]+\.[^/\s]+$/.test(name);

/** Its keys are written to as files of the cgroup's directory. */
function unified(subject: Subject, resources: Resources): void {
  for (const [name, value] of Object.entries(resources.unified ?? {})) {
    const pointer = `/linux/resources/unified/${escapeToken(name)}`;
    const refused = noLimits.get(name);
    if (refused !== undefined) fault(subject, "unsupported", pointer, refused);
    else if (name === "cgroup.freeze" && value.trim() !== "0")
      fault(subject, "conflict", pointer, "0: a container that stands still from the start is never created");
    else if (!isFileName(name))
      fault(subject, "format", pointer, "the name of one file, such as memory.high", JSON.stringify(name));
  }
}

/** Its keys are the first words of lines. */
function deviceNames(subject: Subject, { rdma = {} }: Resources): void {
  for (const name of Object.keys(rdma))
    if (!/^\S+$/.test(name))
      fault(
        subject,
        "format",
        `/linux/resources/rdma/${escapeToken(name)}`,
        "the name of one RDMA device",
        JSON.stringify(name),
      );
}

/** cgroup v2 weighs a cgroup against its siblings only. */
function leafWeights(subject: Subject, resources: Resources): void {
  for (const [i, { leafWeight, weight }] of (resources.blockIO?.weightDevice ?? []).entries())
    if (leafWeight || weight === undefined)
      fault(
        subject,
        "unsupported",
        `/linux/resources/blockIO/weightDevice/${i}${leafWeight === undefined ? "" : "/leafWeight"}`,
        "weight: leafWeight is of cgroup v1 only",
      );
}

const isNoName = (part: string): boolean => part === "" || part === ".";

export function cgroupRules(subject: Subject): void {
  const { cgroupsPath, resources } = subject.linux;
  if (cgroupsPath?.includes("..") && cgroupsPath.split(/[/:]/).includes(".."))
    fault(subject, "format", "/linux/cgroupsPath", "a path without ..");
  else if (cgroupsPath?.includes("\n"))
    fault(
      subject,
      "format",
      "/linux/cgroupsPath",
      "a path without line breaks, which the kernel takes none of",
    );
  else if (cgroupsPath && /^[/.]*$/.test(cgroupsPath) && cgroupsPath.split("/").every(isNoName))
    fault(subject, "format", "/linux/cgroupsPath", "a path below the root of all cgroups");
  if (!resources) return;
  memory(subject, resources);
  cpu(subject, resources);
  unified(subject, resources);
  deviceNames(subject, resources);
  leafWeights(subject, resources);
}
