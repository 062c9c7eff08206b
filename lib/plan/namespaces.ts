// SPDX-License-Identifier: Apache-2.0

import type { TimeOffset } from "../config/types.ts";
import { namespaceFlags } from "../tables/namespaces.ts";
import {
  type Facts,
  findNamespace,
  firstNotHandedOn,
  hasNamespace,
  makesNamespace,
  scopeOf,
} from "./facts.ts";
import { allowsSetGroups, mapIds } from "./id-mappings.ts";
import { awaitPlaced } from "./scope.ts";
import { type Step, when } from "./step.ts";

const pointer = "/linux/namespaces";
const SIGKILL = 9;

function flagOf(type: string): number {
  const flag = namespaceFlags[type];
  if (flag === undefined) throw new TypeError(`namespace ${type}`);
  return flag;
}

function offsetText(offsets: { readonly [clock: string]: TimeOffset }): string {
  return Object.entries(offsets)
    .map(([clock, { secs = 0, nanosecs = 0 }]) => `${clock} ${secs} ${nanosecs}\n`)
    .join("");
}

interface Layout {
  readonly joined: readonly { readonly type: string; readonly path: string; readonly from: string }[];
  readonly offsets: string;
  /** stage does what a process can do only before init is cloned */
  readonly staged: boolean;
  readonly newUser: boolean;
  /** for clone3: all that is new, but for what stage makes and the cgroup namespace */
  readonly cloneFlags: number;
}

function layout(facts: Facts): Layout {
  const { config } = facts;
  const list = config.linux?.namespaces ?? [];
  const joined = list.flatMap(({ type, path }, i) =>
    path ? [{ type, path, from: `${pointer}/${i}/path` }] : [],
  );
  const offsets = offsetText(config.linux?.timeOffsets ?? {});
  const newUser = makesNamespace(config, "user");
  // runts-init, when executed by a user not yet mapped, would lose the rights in its new user namespace:
  // stage, already running, makes it
  const staged = joined.length > 0 || offsets !== "" || newUser;
  let cloneFlags = 0;
  for (const { type, path } of list) {
    // a cgroup namespace has the cgroup of its maker as root: init makes it, once it is in its cgroup
    if (path || type === "cgroup") continue;
    if (staged && (type === "user" || (type === "time" && offsets !== ""))) continue;
    cloneFlags |= flagOf(type);
  }
  // CLONE_NEW* fit in 31 bits, so the result of | is not negative
  return { joined, offsets, staged, newUser, cloneFlags };
}

function stageSteps(facts: Facts, { joined, offsets, newUser, cloneFlags }: Layout): readonly Step[] {
  const joinsUser = joined.some(({ type }) => type === "user");
  const unsharesTime = offsets !== "";
  return [
    { op: "setParentDeathSignal", from: "", signal: SIGKILL },
    // a change of user makes this file root's, who is not mapped; the kernel asks who has opened it, not who writes
    ...when(unsharesTime, { op: "openTimeOffsets", from: "/linux/timeOffsets" }),
    // a process of a joined namespace must not trace us while we still hold the host's things (CVE-2016-9962)
    ...when(joined.length > 0 && !newUser, { op: "setDumpable", from: "", value: 0 }),
    ...when(joined.length > 0, {
      op: "joinNamespaces",
      from: pointer,
      slots: joined.map((_, slot) => slot),
      types: joined.map(({ type }) => flagOf(type)),
    }),
    ...when(
      newUser,
      { op: "unshare", from: pointer, flags: flagOf("user") },
      { op: "signal", from: "", to: "runtime", event: "unshared" },
      { op: "wait", from: "", of: "runtime", event: "mapped" },
      { op: "becomeRoot", from: "", dropGroups: allowsSetGroups(facts) ? 1 : 0 },
    ),
    // credentials changed: the kernel forgot the signal
    ...when(newUser || joinsUser, { op: "setParentDeathSignal", from: "", signal: SIGKILL }),
    ...when(
      unsharesTime,
      { op: "unshare", from: pointer, flags: flagOf("time") },
      { op: "writeTimeOffsets", from: "/linux/timeOffsets", offsets },
    ),
    { op: "cloneInit", from: pointer, flags: cloneFlags, intoCgroup: 0 },
  ];
}

/** How init comes to be in its namespaces and its cgroup: the parts of all three processes. */
export interface Cloning {
  readonly runtime: readonly Step[];
  readonly stage: readonly Step[];
  readonly init: readonly Step[];
}

function mapStage(facts: Facts): readonly Step[] {
  return [
    { op: "wait", from: "", of: "stage", event: "unshared" },
    ...mapIds(facts, "stage"),
    { op: "signal", from: "", to: "stage", event: "mapped" },
  ];
}

export function cloneInit(facts: Facts): Cloning {
  const found = layout(facts);
  // neither init, which may wait for its start for long, nor a hook is to have what leaked into us (CVE-2024-21626)
  const apart: Step = { op: "closeOnExec", from: "", first: firstNotHandedOn(facts) };
  const init: readonly Step[] = [
    { op: "setParentDeathSignal", from: "", signal: SIGKILL },
    ...awaitPlaced(facts),
  ];
  // a scope of systemd's is not there yet
  const intoCgroup = facts.cgroup && !scopeOf(facts) ? 1 : 0;
  if (found.staged) {
    return {
      runtime: [
        apart,
        ...found.joined.map(
          ({ type, path, from }, slot): Step => ({
            op: "openNamespace",
            from,
            slot,
            path,
            type: flagOf(type),
          }),
        ),
        { op: "cloneStage", from: pointer, intoCgroup },
        ...(found.newUser ? mapStage(facts) : []),
        { op: "wait", from: "", of: "stage", event: "cloned" },
        { op: "reapStage", from: "" },
      ],
      stage: stageSteps(facts, found),
      init,
    };
  }
  return {
    runtime: [apart, { op: "cloneInit", from: pointer, flags: found.cloneFlags, intoCgroup }],
    stage: [],
    init,
  };
}

/**
 * Into the namespaces of a container's process, by stage. A container that shares the mounts of the host has just
 * its root: found by its path, as create found it.
 */
export function joinContainer({ config }: Facts, slot: number, rootfs: string): readonly Step[] {
  let flags = 0;
  for (const { type } of config.linux?.namespaces ?? []) flags |= flagOf(type);
  const chroots = !hasNamespace(config, "mount");
  return [
    ...when(chroots, { op: "openRootfs", from: "/root/path", path: rootfs, tree: -1, apart: 0, attach: 0 }),
    ...when(flags !== 0, { op: "joinProcess", from: pointer, slot, flags }),
    ...when(chroots, { op: "chroot", from: "/root/path" }),
    // credentials changed: the kernel forgot the signal
    ...when(hasNamespace(config, "user"), { op: "setParentDeathSignal", from: "", signal: SIGKILL }),
  ];
}

/** The cgroup namespace, made by init itself. */
export function cgroupNamespace(facts: Facts): readonly Step[] {
  const found = findNamespace(facts.config, "cgroup");
  if (!found || found.namespace.path) return [];
  return [{ op: "unshare", from: found.pointer, flags: flagOf("cgroup") }];
}
