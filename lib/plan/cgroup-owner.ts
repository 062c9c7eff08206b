// SPDX-License-Identifier: Apache-2.0

import type { Config, IdMapping, Mount } from "../config/types.ts";
import { absolutePath } from "../path.ts";
import { hasNamespace, makesNamespace } from "./facts.ts";
import { parseMountOptions } from "./mount-options.ts";

/** MOUNT_ATTR_RDONLY */
const readOnly = 1;

const isWritableTree = ({ destination, source, options = [] }: Mount): boolean =>
  source === "cgroup" &&
  absolutePath("/", destination) === "/sys/fs/cgroup" &&
  (parseMountOptions(options).set & readOnly) === 0;

/** -1 where the mappings do not say, as for a joined namespace. */
function outside(id: number, mappings: readonly IdMapping[]): number {
  const found = mappings.find(({ containerID, size }) => id >= containerID && id < containerID + size);
  return found === undefined ? -1 : found.hostID + id - found.containerID;
}

/**
 * The host's id of who may manage the container's cgroup: its program's user, where the container has a cgroup
 * namespace of its own and a writable mount of the tree; config-linux.md#cgroup-ownership. Undefined when the cgroup
 * stays the runtime's.
 */
export function cgroupOwner(config: Config): number | undefined {
  if (!makesNamespace(config, "cgroup") || !config.mounts?.some(isWritableTree)) return undefined;
  const uid = config.process?.user?.uid ?? 0;
  // a namespace of others has mappings that config.json need not know
  const mappings = makesNamespace(config, "user") ? (config.linux?.uidMappings ?? []) : [];
  const owner = hasNamespace(config, "user") ? outside(uid, mappings) : uid;
  return owner > 0 ? owner : undefined;
}
