// SPDX-License-Identifier: Apache-2.0

/** The container's cgroup: how it is made, what is handed down to it, and when its limits and device rules come. */

import type { DeviceRule } from "../config/types.ts";
import { deviceFilter, rulesWithListed } from "./device-filter.ts";
import { type CgroupPlace, type Facts, scopeOf } from "./facts.ts";
import { limitSteps, processSteps } from "./limits.ts";
import { startScope, tellPlaced } from "./scope.ts";
import { noSteps, type Step } from "./step.ts";

const pointer = "/linux/resources";

/** The cgroups from the mount's root down to the parent of `path`. */
function above(path: string): readonly string[] {
  const parts = path.split("/").slice(1, -1);
  return ["/", ...parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`)];
}

/**
 * Hands the controllers down to the cgroup, from the top. Which are missing where is looked at when it is done: a
 * parent may have been removed and made again since.
 */
export function enableControllers(place: Omit<CgroupPlace, "delegate">): readonly Step[] {
  const { mount, path, needed, offered } = place;
  if (needed.length + offered.length === 0) return [];
  return above(path).map((parent) => ({
    op: "enableControllers",
    from: pointer,
    mount,
    path: parent,
    needed,
    offered,
  }));
}

/** The cgroup with all its limits, before any process is in it. */
export function cgroupSteps(facts: Facts): readonly Step[] {
  if (!facts.cgroup || scopeOf(facts)) return noSteps;
  const { mount, path } = facts.cgroup;
  return [{ op: "makeCgroup", from: "/linux/cgroupsPath", mount, path }, ...setUp(facts)];
}

/** The same where systemd makes it, around an init that waits for it. */
export function scopeSteps(facts: Facts): readonly Step[] {
  if (!scopeOf(facts)) return noSteps;
  const resources = facts.config.linux?.resources ?? {};
  const limits = [...limitSteps(resources), ...processSteps(resources)];
  return [...startScope(facts, limits), ...setUp(facts), ...tellPlaced(facts)];
}

/** What there is to do in a cgroup that is made. */
export function setUp({ cgroup, config }: Facts): readonly Step[] {
  if (!cgroup) return noSteps;
  const { owner, delegate } = cgroup;
  return [
    ...enableControllers(cgroup),
    ...limitSteps(config.linux?.resources ?? {}),
    ...(owner === undefined
      ? []
      : [{ op: "ownCgroup", from: "/linux/cgroupsPath", uid: owner, files: delegate } satisfies Step]),
  ];
}

/** After init and all that helps it are there: a container may be allowed no further process, or not even one. */
export function processLimit({ cgroup, config }: Facts): readonly Step[] {
  const resources = config.linux?.resources;
  return cgroup && resources ? processSteps(resources) : [];
}

/** The rule that engines begin with. */
function forbidsAll({ allow, type = "a", major = -1, minor = -1 }: DeviceRule): boolean {
  return !allow && type === "a" && major < 0 && minor < 0;
}

/**
 * The device rules. They may come after init is cloned, whose own steps need none of them, but before any
 * hook or program: the kernel takes its time to check the program, while init mounts.
 */
export function deviceRules({ cgroup, config, privileged }: Facts): readonly Step[] {
  if (!cgroup) return [];
  const rules = config.linux?.resources?.devices ?? [];
  // without privilege the kernel takes none, and what is forbidden to all without a word is out of reach anyway
  if (!privileged && rules.every(forbidsAll)) return [];
  return [
    {
      op: "attachDeviceFilter",
      from: `${pointer}/devices`,
      program: deviceFilter(rulesWithListed(config.linux?.devices, rules)),
      optional: privileged ? 0 : 1,
    },
  ];
}
