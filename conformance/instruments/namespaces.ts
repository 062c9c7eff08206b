// SPDX-License-Identifier: Apache-2.0

/** Namespaces for containers: which types there are, lists of them for configs, and some that are there before. */

import { readlinkSync, statSync, writeFileSync } from "node:fs";
import type { Change } from "../case.ts";
import type { Place } from "../stage/place.ts";
import type { Stage } from "../stage/stage.ts";
import { createOrSkip } from "./optional.ts";
import { perform } from "./sources.ts";

/** The types of a config, and what the kernel calls them under /proc/PID/ns. */
export const namespaceFiles = {
  pid: "pid",
  network: "net",
  mount: "mnt",
  ipc: "ipc",
  uts: "uts",
  user: "user",
  cgroup: "cgroup",
  time: "time",
} as const;
export type NamespaceType = keyof typeof namespaceFiles;
export const namespaceTypes: readonly NamespaceType[] = [
  ...(["pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"] as const),
];

/** What the base config (base.ts) lists. */
const usual: readonly NamespaceType[] = ["pid", "mount", "ipc", "uts"];

interface Entry {
  readonly type: NamespaceType;
  readonly path?: string;
}

const mapping = [{ containerID: 0, hostID: 100000, size: 65536 }];

/** Ids of the container are those of the host from 100000 on. */
export const withMappings: Change = { "/linux/uidMappings": mapping, "/linux/gidMappings": mapping };

/** The base config's namespaces, with others for the types of the entries. */
export function withNamespaces(...entries: readonly Entry[]): Change {
  const others = usual.filter((type) => !entries.some((entry) => entry.type === type));
  return { "/linux/namespaces": [...others.map((type) => ({ type })), ...entries] };
}

/** The base config's namespaces but for one. The host's own name is not to be changed. */
export const withoutNamespace = (without: NamespaceType): Change => ({
  "/linux/namespaces": usual.filter((type) => type !== without).map((type) => ({ type })),
  ...(without === "uts" ? { "/hostname": undefined } : {}),
});

/** A new user namespace with mappings. */
export const withUserNamespace: Change = { ...withNamespaces({ type: "user" }), ...withMappings };

/** The runtime's namespace of a type, as the probe names it. */
export const ownNamespace = (type: NamespaceType) =>
  readlinkSync(`/proc/self/ns/${namespaceFiles[type]}`).replaceAll(/\D/g, "");

const heldPath = ({ scratch }: Place, type: NamespaceType) => `${scratch}/${namespaceFiles[type]}`;

/** Others end with their last process, or are of no use without more than that. */
type Holdable = Exclude<NamespaceType, "pid" | "mount" | "user">;

/** Makes a namespace that nobody is in; a mount in the scratch folder keeps it, and is what entries join. */
export function holdNamespace(place: Place, type: Holdable): string {
  const path = heldPath(place, type);
  writeFileSync(path, "");
  perform("unshare", `--${type === "network" ? "net" : type}=${path}`, "true");
  return path;
}

/**
 * A process in a mount namespace of its own; returns the path of that. (Linux 6.18 binds such a path only if its
 * number is above that of ours, and gives numbers by processor.)
 */
export async function holdMountNamespace(stage: Stage): Promise<string> {
  const { child } = stage.helper("unshare", "--mount", "--propagation", "private", "sleep", "1d");
  const path = `/proc/${child.pid}/ns/mnt`;
  await stage.container.until(
    "a mount namespace by unshare",
    () => namespaceAt(path) !== namespaceAt("/proc/1/ns/mnt"),
  );
  return path;
}

export const held = (place: Place, type: NamespaceType) => ({ type, path: heldPath(place, type) });

/** Of a namespace file, as the probe names it. */
export const namespaceAt = (path: string) => String(statSync(path).ino);

/** Types are a SHOULD (cases/namespaces/isolation.ts): what builds on one is not judged without it. */
export async function needSupport(stage: Stage, type: NamespaceType): Promise<void> {
  await createOrSkip(stage.another(withNamespaces({ type })), `${type} namespaces`);
  await stage.finish();
}
