// SPDX-License-Identifier: Apache-2.0

import type { Mount } from "../config/types.ts";
import { type Fault, RuntsError } from "../errors.ts";
import { absolutePath } from "../path.ts";
import { contextTypes, mountContextType } from "../tables/annotations.ts";
import { bindSymlinks } from "../tables/mount-options.ts";
import { deviceSlot } from "./device-nodes.ts";
import { type Facts, hasNamespace } from "./facts.ts";
import { IdmappedMounts, mapsIds } from "./idmapped-mounts.ts";
import { type MountOptions, parseMountOptions } from "./mount-options.ts";
import { notifyMount } from "./notify.ts";
import type { Step } from "./step.ts";

/** How many trees the runtime can open for init (TREE_COUNT of native/context.h, less the rootfs and the devices). */
const treeCount = deviceSlot - 1;

/** Files of procfs that lxcfs and the like may replace; everything else there is the kernel's (CVE-2019-16884). */
const coverable = new Set([
  "/proc/cpuinfo",
  "/proc/diskstats",
  "/proc/meminfo",
  "/proc/stat",
  "/proc/swaps",
  "/proc/uptime",
  "/proc/loadavg",
  "/proc/slabinfo",
  "/proc/net/dev",
  "/proc/sys/kernel/ns_last_pid",
  "/proc/sys/crypto/fips_enabled",
]);

export interface MountSteps {
  /** the runtime opens these host paths, because init, in a user namespace, may not be able to */
  readonly trees: readonly Step[];
  readonly mounts: readonly Step[];
}

function refuse(fault: Fault): never {
  throw new RuntsError("invalid", { file: "config.json", faults: [fault] });
}

function checkDestination(destination: string, pointer: string): void {
  if (destination === "/")
    refuse({ code: "conflict", pointer, expected: "a path below /", found: '"/"', spec: "config.md#mounts" });
  if (destination.startsWith("/proc/") && !coverable.has(destination))
    refuse({
      code: "conflict",
      pointer,
      expected: "no path inside /proc but one that lxcfs provides",
      found: JSON.stringify(destination),
      spec: "config.md#mounts",
    });
}

function bindMount(mount: Mount, options: MountOptions, facts: Facts, tree: number, from: string): Step {
  if (options.data.length > 0)
    refuse({
      code: "conflict",
      pointer: `${from}/options`,
      expected: "options of a bind mount",
      found: JSON.stringify(options.data[0]),
      spec: "config.md#mounts",
    });
  return {
    op: "mountBind",
    from,
    source: absolutePath(facts.bundle, mount.source ?? ""),
    tree,
    destination: absolutePath("/", mount.destination),
    recursive: options.recursive ? 1 : 0,
    symlinks: options.symlinks,
    set: options.set,
    clear: options.clear,
    setRecursive: options.setRecursive,
    clearRecursive: options.clearRecursive,
    propagation: options.propagation,
  };
}

/** Whose files have their labels from the policy, one by one. */
const labelledByPolicy = new Set(["proc", "sysfs", "mqueue", "cgroup2"]);

/** One SELinux label for all files of a new file system, unless the mount has one of its own. */
function labelOf(options: MountOptions, type: string, { config }: Facts): readonly string[] {
  const label = config.linux?.mountLabel;
  if (!label || labelledByPolicy.has(type) || options.data.some((word) => /context=/.test(word))) return [];
  const asked = config.annotations?.[mountContextType] ?? "";
  return [`${contextTypes.includes(asked) ? asked : "context"}=${label}`];
}

/** MOUNT_ATTR_RDONLY */
const readonly = 1;

const isDev = ({ destination }: Mount): boolean => absolutePath("/", destination) === "/dev";

/** /dev is read-only once its devices are made. */
function isLateReadonly(mount: Mount, { bind, remount, set, setRecursive }: MountOptions): boolean {
  return isDev(mount) && !bind && !remount && ((set | setRecursive) & readonly) !== 0;
}

/** What becomes read-only only when all is in it. */
export function lateReadonly({ config }: Facts): readonly Step[] {
  return (config.mounts ?? []).flatMap((mount, i): readonly Step[] => {
    if (!isDev(mount) || !isLateReadonly(mount, parseMountOptions(mount.options ?? []))) return [];
    const destination = absolutePath("/", mount.destination);
    return [
      { op: "remount", from: `/mounts/${i}`, destination, set: readonly, clear: 0, super: [], data: [] },
    ];
  });
}

function newMount(mount: Mount, options: MountOptions, type: string, facts: Facts, from: string): Step {
  return {
    op: "mountFilesystem",
    from,
    type,
    source: mount.source ?? "",
    destination: absolutePath("/", mount.destination),
    attributes: (options.set | options.setRecursive) & ~(isLateReadonly(mount, options) ? readonly : 0),
    super: options.superblock,
    data: [...options.data, ...labelOf(options, type, facts)],
    propagation: options.propagation,
    copyUp: options.copyUp ? 1 : 0,
    // as with runc and crun: /root must not become everybody's
    inheritMode: type === "tmpfs" && !options.data.some((word) => word.startsWith("mode=")) ? 1 : 0,
  };
}

/** The container's view of cgroups: its own tree, or the host's where it has no namespace to hide it. */
function cgroupMount(mount: Mount, options: MountOptions, facts: Facts, from: string): Step {
  if (hasNamespace(facts.config, "cgroup") || (facts.privileged && !hasNamespace(facts.config, "user")))
    return newMount(mount, options, "cgroup2", facts, from);
  // a user namespace cannot mount the host's tree anew; as a bind it must not be writable (CVE-2023-25809)
  const readOnly = { ...options, data: [], recursive: true, setRecursive: options.setRecursive | 1 };
  const source = facts.cgroup?.mount ?? "/sys/fs/cgroup";
  return bindMount({ ...mount, source }, readOnly, facts, -1, from);
}

function oneMount(mount: Mount, options: MountOptions, facts: Facts, tree: number, from: string): Step {
  if (options.remount)
    return {
      op: "remount",
      from,
      destination: absolutePath("/", mount.destination),
      set: options.set,
      clear: options.clear,
      super: options.superblock,
      data: options.data,
    };
  if (options.bind) return bindMount(mount, options, facts, tree, from);
  if (!mount.type)
    refuse({
      code: "required",
      pointer: from,
      expected: 'a type, or one of the options "bind" and "rbind"',
      spec: "config.md#mounts",
    });
  if (mount.type === "cgroup" || mount.type === "cgroup2") return cgroupMount(mount, options, facts, from);
  return newMount(mount, options, mount.type, facts, from);
}

function openTree(mount: Mount, options: MountOptions, facts: Facts, slot: number, from: string): Step {
  return {
    op: "openTree",
    from,
    slot,
    source: absolutePath(facts.bundle, mount.source ?? ""),
    recursive: options.recursive ? 1 : 0,
    nofollow: (options.symlinks & (bindSymlinks.copy | bindSymlinks.sourceItself)) === 0 ? 0 : 1,
  };
}

export function mountSteps(facts: Facts): MountSteps {
  const trees: Step[] = [];
  const mounts: Step[] = [];
  let opened = 0;
  let idmapped: IdmappedMounts | undefined;
  const opensForInit = facts.privileged && hasNamespace(facts.config, "user");
  const configured = facts.config.mounts ?? [];
  const notify = notifyMount(facts);
  [...configured, ...(notify ? [notify] : [])].forEach((mount, i) => {
    const from = mount === notify ? "" : `/mounts/${i}`;
    const options = parseMountOptions(mount.options ?? []);
    checkDestination(absolutePath("/", mount.destination), `${from}/destination`);
    let tree = -1;
    const mapped = mapsIds(mount, options);
    if ((opensForInit || mapped) && options.bind && !options.remount && opened < treeCount) {
      opened += 1;
      tree = opened; // slot 0 is the rootfs
      trees.push(openTree(mount, options, facts, tree, from));
    }
    if (mapped) {
      idmapped ??= new IdmappedMounts();
      trees.push(...idmapped.steps(mount, options, facts, tree, from));
    }
    mounts.push(oneMount(mount, options, facts, tree, from));
  });
  return { trees, mounts };
}
