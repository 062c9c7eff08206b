// SPDX-License-Identifier: Apache-2.0

import type { Device, IdMapping } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import { absolutePath } from "../path.ts";
import { type Facts, makesNamespace } from "./facts.ts";
import type { Step } from "./step.ts";

/** The slot of their tree, the last one (TREE_COUNT of native/context.h). */
export const deviceSlot = 127;

export const fileTypes = { c: 0o020000, u: 0o020000, b: 0o060000, p: 0o010000 } as const;

/** A listed device and its place in the list. */
export interface Listed {
  readonly device: Device;
  readonly i: number;
}

/** Those that config.json lists and runts makes; /dev/ptmx is always the container's own, /dev/console its terminal. */
export function listedDevices({ config }: Facts): readonly Listed[] {
  return (config.linux?.devices ?? [])
    .map((device, i) => ({ device, i }))
    .filter(({ device: { path } }) => path !== "/dev/ptmx" && path !== "/dev/console");
}

/**
 * Whether the runtime makes the nodes for a container that may not: in a user namespace mknod(2) fails, and nodes on
 * what is mounted there cannot be opened. The owners' ids must be known, which they are not of a joined namespace.
 */
export function runtimeMakesNodes({ privileged, config }: Facts): boolean {
  return privileged && makesNamespace(config, "user");
}

const isNode = ({ device }: Listed): boolean => device.type !== "p";

function outside(id: number, mappings: readonly IdMapping[], pointer: string): number {
  const found = mappings.find(({ containerID, size }) => id >= containerID && id < containerID + size);
  if (found) return found.hostID + id - found.containerID;
  throw new RuntsError("invalid", {
    file: "config.json",
    faults: [
      {
        code: "conflict",
        pointer,
        expected: "an id that the mappings cover",
        found: `${id}`,
        spec: "config-linux.md#devices",
      },
    ],
  });
}

/** The runtime's part: a file system with all the nodes, by their place in the list. */
export function makeDeviceNodes(facts: Facts): readonly Step[] {
  if (!runtimeMakesNodes(facts)) return [];
  const nodes = listedDevices(facts).filter(isNode);
  if (nodes.length === 0) return [];
  const { uidMappings = [], gidMappings = [] } = facts.config.linux ?? {};
  return [
    { op: "openDeviceTree", from: "/linux/devices", slot: deviceSlot },
    ...nodes.map(({ device, i }): Step => {
      const from = `/linux/devices/${i}`;
      const { type, major = 0, minor = 0, fileMode = 0o666, uid = 0, gid = 0 } = device;
      return {
        op: "makeDevice",
        from,
        slot: deviceSlot,
        name: `${i}`,
        type: fileTypes[type],
        major,
        minor,
        mode: fileMode & 0o7777,
        uid: outside(uid, uidMappings, `${from}/uid`),
        gid: outside(gid, gidMappings, `${from}/gid`),
      };
    }),
  ];
}

/** Init's part: each node where it belongs. */
export function attachDeviceNodes(facts: Facts): readonly Step[] {
  const nodes = listedDevices(facts).filter(isNode);
  if (!runtimeMakesNodes(facts) || nodes.length === 0) return [];
  return [
    { op: "mountDevices", from: "/linux/devices", tree: deviceSlot },
    ...nodes.map(
      ({ device, i }): Step => ({
        op: "attachDevice",
        from: `/linux/devices/${i}`,
        tree: deviceSlot,
        name: `${i}`,
        path: absolutePath("/", device.path),
        type: fileTypes[device.type],
        major: device.major ?? 0,
        minor: device.minor ?? 0,
      }),
    ),
    { op: "unmountDevices", from: "/linux/devices", tree: deviceSlot },
  ];
}
