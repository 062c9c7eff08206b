// SPDX-License-Identifier: Apache-2.0

/** Device nodes for cases: numbers that the kernel keeps for experiments, so that no driver stands behind them. */

import type { Outcome } from "../questions.ts";
import type { Place } from "../stage/place.ts";
import { perform } from "./sources.ts";

export interface DeviceNode {
  readonly path: string;
  readonly type: "c" | "b";
  readonly major: number;
  readonly minor: number;
}

/** Majors 60 to 63 are local, of character and of block devices (admin-guide/devices.txt). */
export const deviceNode = (type: "c" | "b", major: number, minor: number, folder = "/dev"): DeviceNode => ({
  path: `${folder}/${type}-${major}-${minor}`,
  type,
  major,
  minor,
});

/** An entry of linux.devices that everybody may open, as far as its mode goes. */
export const listedDevice = (node: DeviceNode) => ({ ...node, fileMode: 0o666 });

/** Makes it in the root filesystem before the container is created. */
export function makeDeviceHere(place: Place, { path, type, major, minor }: DeviceNode): void {
  perform("mknod", "-m", "666", `${place.rootfs}${path}`, type, String(major), String(minor));
}

/** The kernel asks the cgroup before it looks for a driver: without one there is ENXIO where access was granted. */
export function verdict({ ok, errno }: Outcome): string {
  if (ok || errno === "ENXIO" || errno === "ENODEV") return "allowed";
  return errno === "EPERM" ? "denied" : `error ${errno}`;
}
