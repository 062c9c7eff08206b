// SPDX-License-Identifier: Apache-2.0

/** Mounts with ID mappings: a source whose files are named by their owners, and how owners look inside. */

import { chownSync, readdirSync } from "node:fs";
import { fileSystem, kernel, namespace, root } from "../needs.ts";
import { lstat } from "../questions.ts";
import type { Place } from "../stage/place.ts";
import { mountOwnedTree, mountPoint } from "./sources.ts";

/** tmpfs, which the source is, can be mounted with a mapping since 6.3. */
export const idmapNeeds = [root, fileSystem("tmpfs"), kernel(6, 3)];

/** From the ids in the source to those at the mount, and other ones for groups. */
export const uidMappings = [{ containerID: 0, hostID: 100_000, size: 1000 }];
export const gidMappings = [{ containerID: 0, hostID: 200_000, size: 1000 }];

export const prepareOwned =
  (...ids: readonly number[]) =>
  (place: Place): void => {
    mountPoint(place);
    mountOwnedTree(place, ids);
  };

export const ownedMount =
  (...options: readonly string[]) =>
  (place: Place, mappings: Readonly<Record<string, unknown>> = {}) => ({
    "/mounts/-": { destination: "/m", type: "none", source: `${place.scratch}/tree`, options, ...mappings },
  });

/** What the file is that belongs to `id` in the source. */
export const owned = (id: number, folder = "/m") => lstat(`${folder}/${id}`);

export const ownersOf = (node: { readonly uid: number; readonly gid: number } | null) =>
  node && [node.uid, node.gid];

// --- in a user namespace (namespaces.ts)

export const userNamespaceNeeds = [...idmapNeeds, namespace("user")];

/** root of the container gets a root filesystem that is its own. */
export function giveAway(place: Place): void {
  const names = readdirSync(place.rootfs, { recursive: true, encoding: "utf8" });
  for (const name of ["", ...names]) chownSync(`${place.rootfs}/${name}`, 100_000, 100_000);
}
