// SPDX-License-Identifier: Apache-2.0

/** Where a case's container lives on the host. */

import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import type { Host } from "./host.ts";

export interface Place {
  /** absolute, like all paths here */
  readonly bundle: string;
  readonly rootfs: string;
  /** An empty folder of the case, outside the bundle, for anything else. */
  readonly scratch: string;
  /** The probe outside the container, for hooks. */
  readonly probe: string;
  /** The host tools of conformance/host. */
  readonly warden: string;
  /** The container's cgroupsPath, and its folder on the host. */
  readonly cgroup: string;
  readonly cgroupFolder: string;
  readonly host: Host;
}

/** What the base config needs to find in a rootfs; the probe is there twice, since a hook may want its own. */
const folders = ["dev", "etc", "proc", "sys", "tmp"];

/** Makes the folders of a new place below `folder`. */
export function makePlace(
  folder: string,
  cgroup: string,
  tools: Pick<Place, "probe" | "warden" | "host">,
): Place {
  const bundle = `${folder}/bundle`;
  const place: Place = {
    ...tools,
    bundle,
    rootfs: `${bundle}/rootfs`,
    scratch: `${folder}/scratch`,
    cgroup,
    cgroupFolder: `/sys/fs/cgroup${cgroup}`,
  };
  for (const name of folders) mkdirSync(`${place.rootfs}/${name}`, { recursive: true });
  chmodSync(`${place.rootfs}/tmp`, 0o1777);
  mkdirSync(place.scratch, { recursive: true });
  copyFileSync(place.probe, `${place.rootfs}/probe`);
  chmodSync(`${place.rootfs}/probe`, 0o755);
  return place;
}
