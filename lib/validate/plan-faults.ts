// SPDX-License-Identifier: Apache-2.0

/** What the plan refuses of a config that the rules let pass: it knows what mounts are made of. */

import type { Config } from "../config/types.ts";
import { type Fault, RuntsError } from "../errors.ts";
import { createPlan } from "../plan/create.ts";
import type { Facts } from "../plan/facts.ts";

/** A host that has everything and refuses nothing: what fails there fails everywhere. */
const factsOf = (config: Config): Facts => ({
  config,
  ...{ id: "container", bundle: "/", root: "/", record: "{}", configBytes: new Uint8Array() },
  ...{ uid: 0, gid: 0, privileged: true, groupsDenied: false, apparmorConfined: false },
  ...{ cgroup: undefined, resctrl: undefined, seccomp: undefined, idMapHelpers: undefined },
  ...{ pidFile: undefined, consoleSocket: undefined, pidfdSocket: undefined },
  ...{ noPivot: false, noNewKeyring: false, preserveFds: 0, listenFds: 0, notify: undefined },
  ...{ startsAtOnce: false, staysAttached: false },
});

function firstFaults(config: Config): readonly Fault[] {
  try {
    createPlan(factsOf(config));
  } catch (error) {
    if (error instanceof RuntsError && error.code === "invalid") return error.facts.faults ?? [];
    if (!(error instanceof RuntsError)) throw error;
  }
  return [];
}

/** All of them: a plan ends with the first, so it is made again without the mount that was refused. */
export function planFaults(config: Config): readonly Fault[] {
  const found: Fault[] = [];
  let mounts = (config.mounts ?? []).map((mount, index) => ({ mount, index }));
  for (;;) {
    const faults = firstFaults({ ...config, mounts: mounts.map(({ mount }) => mount) });
    const at = /^\/mounts\/(\d+)/.exec(faults[0]?.pointer ?? "")?.[1];
    const refused = at === undefined ? undefined : mounts[Number(at)];
    if (refused === undefined) return [...found, ...faults];
    const original = (pointer: string) => pointer.replace(/^\/mounts\/\d+/, `/mounts/${refused.index}`);
    found.push(...faults.map((fault) => ({ ...fault, pointer: original(fault.pointer) })));
    mounts = mounts.filter((one) => one !== refused);
  }
}
