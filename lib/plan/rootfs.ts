// SPDX-License-Identifier: Apache-2.0

import { absolutePath } from "../path.ts";
import { mountOptions } from "../tables/mount-options.ts";
import { type Facts, hasNamespace } from "./facts.ts";
import { lateReadonly } from "./mounts.ts";
import { type Step, when } from "./step.ts";

const MS_REC = 0x4000;
const MS_SLAVE = 0x80000;

function propagationFlags(name: string): number {
  const option = mountOptions[name];
  if (option?.kind !== "propagation") throw new TypeError(`propagation ${name}`);
  return option.flags;
}

export function rootfsPath(facts: Facts): string {
  return absolutePath(facts.bundle, facts.config.root?.path ?? "rootfs");
}

/** The runtime opens the rootfs for an init that may not reach it from its user namespace. */
export function openRootfsForInit(facts: Facts): readonly Step[] {
  if (!facts.privileged || !hasNamespace(facts.config, "user")) return [];
  if (!hasNamespace(facts.config, "mount")) return [];
  return [
    { op: "openTree", from: "/root/path", slot: 0, source: rootfsPath(facts), recursive: 1, nofollow: 0 },
  ];
}

/** The root mount in place; nothing of what follows reaches the host unless the configuration shares it. */
export function openRootfs(facts: Facts): readonly Step[] {
  const from = "/linux/rootfsPropagation";
  const name = facts.config.linux?.rootfsPropagation;
  const shared = name === "shared" || name === "rshared";
  const opened = facts.privileged && hasNamespace(facts.config, "user");
  // without a namespace of its own a container must not touch a mount: they are the host's
  if (!hasNamespace(facts.config, "mount"))
    return [{ op: "openRootfs", from: "/root/path", path: rootfsPath(facts), tree: -1, apart: 0, attach: 0 }];
  return [
    // where mounts are to be shared with the host the peer group must be kept
    ...when(!shared, { op: "setPropagation", from, flags: MS_SLAVE | MS_REC }),
    {
      op: "openRootfs",
      from: "/root/path",
      path: rootfsPath(facts),
      tree: opened ? 0 : -1,
      apart: shared ? 1 : 0,
      attach: 1,
    },
  ];
}

/** After the hooks, which may still change what the container sees; before the pivot, for the host's /dev/null. */
export function protectPaths(facts: Facts): readonly Step[] {
  const { config } = facts;
  return [
    ...lateReadonly(facts),
    ...(config.linux?.readonlyPaths ?? []).map(
      (path, i): Step => ({ op: "readonlyPath", from: `/linux/readonlyPaths/${i}`, path }),
    ),
    ...(config.linux?.maskedPaths ?? []).flatMap((path, i, all): readonly Step[] =>
      // covered once is covered
      all.indexOf(path) < i ? [] : [{ op: "maskPath", from: `/linux/maskedPaths/${i}`, path }],
    ),
    ...when(config.root?.readonly, { op: "readonlyRoot", from: "/root/readonly" }),
  ];
}

export function enterRootfs(facts: Facts): readonly Step[] {
  if (!hasNamespace(facts.config, "mount")) return [{ op: "chroot", from: "/root/path" }];
  const name = facts.config.linux?.rootfsPropagation;
  return [
    facts.noPivot ? { op: "moveRoot", from: "/root/path" } : { op: "pivotRoot", from: "/root/path" },
    ...(name
      ? [
          {
            op: "setPropagation",
            from: "/linux/rootfsPropagation",
            // of the root's mount alone: the others have options of their own
            flags: propagationFlags(name),
          } satisfies Step,
        ]
      : []),
  ];
}
