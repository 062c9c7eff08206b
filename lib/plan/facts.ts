// SPDX-License-Identifier: Apache-2.0

import type { Config, Namespace, NamespaceType } from "../config/types.ts";
import type { ResctrlGroup } from "./resctrl.ts";
import type { Property } from "./scope-limits.ts";

/** The scope of systemd's that is a container's cgroup. */
export interface ScopePlace {
  /** D-Bus addresses of the manager, the preferred one first */
  readonly addresses: readonly string[];
  /** our user id as the manager sees it; -1 when it is the one that we see */
  readonly uid: number;
  /** "libpod-abc.scope" */
  readonly unit: string;
  /** "machine.slice" */
  readonly slice: string;
  /** whether cgroups have io.bfq.weight */
  readonly hasBfq: boolean;
  /** properties that annotations ask for */
  readonly annotated: readonly Property[];
}

/** Where the container's cgroup lies, and what must be enabled above it. */
export interface CgroupPlace {
  /** the cgroup2 mount */
  readonly mount: string;
  /** absolute, below the mount */
  readonly path: string;
  /** the controllers that its resources need */
  readonly needed: readonly string[];
  /** the others that there are: what is not limited is still counted, for who asks for statistics */
  readonly offered: readonly string[];
  /** the host's id of whoever the cgroup is handed to */
  readonly owner?: number;
  /** the files to hand over with it */
  readonly delegate: readonly string[];
  /** systemd makes it */
  readonly scope?: ScopePlace;
}

export interface SeccompFilter {
  readonly flags: number;
  readonly program: Uint8Array;
  /** an agent answers some calls */
  readonly listener: boolean;
  /** name of the file below the root where the program is kept */
  readonly file: string;
}

/** What a plan is made from: the configuration, what was asked for, and what was found on the host. */
export interface Facts {
  readonly config: Config;
  readonly id: string;
  /** absolute path */
  readonly bundle: string;
  readonly root: string;
  /** text of state.json */
  readonly record: string;
  /** config.json as it was read */
  readonly configBytes: Uint8Array;
  readonly uid: number;
  readonly gid: number;
  /** root of the initial user namespace, who may make devices and load BPF programs */
  readonly privileged: boolean;
  /** our own user namespace keeps its processes from setting groups, for good: user_namespaces(7) */
  readonly groupsDenied: boolean;
  /** an AppArmor profile confines us; looked at only for a container with a profile */
  readonly apparmorConfined: boolean;
  readonly cgroup: CgroupPlace | undefined;
  readonly resctrl: ResctrlGroup | undefined;
  readonly seccomp: SeccompFilter | undefined;
  /** newuidmap and newgidmap, where they exist */
  readonly idMapHelpers: readonly [string, string] | undefined;
  readonly pidFile: string | undefined;
  readonly consoleSocket: string | undefined;
  readonly pidfdSocket: string | undefined;
  readonly noPivot: boolean;
  readonly noNewKeyring: boolean;
  readonly preserveFds: number;
  /** sockets that the caller hands on, sd_listen_fds(3); they come first */
  readonly listenFds: number;
  /** the caller's NOTIFY_SOCKET, sd_notify(3) */
  readonly notify: string | undefined;
  /** run: the runtime itself says when to start; otherwise init waits on its socket */
  readonly startsAtOnce: boolean;
  /** run in the foreground: the runtime stays until the program's end, and passes signals on to it */
  readonly staysAttached: boolean;
}

/** The descriptors below it are the program's: its streams, the sockets of LISTEN_FDS, and --preserve-fds. */
export function firstNotHandedOn({ listenFds, preserveFds }: Facts): number {
  return 3 + listenFds + preserveFds;
}

export function scopeOf({ cgroup }: Facts): ScopePlace | undefined {
  return cgroup?.scope;
}

export interface FoundNamespace {
  readonly namespace: Namespace;
  readonly pointer: string;
}

export function findNamespace(config: Config, type: NamespaceType): FoundNamespace | undefined {
  const list = config.linux?.namespaces ?? [];
  const index = list.findIndex((namespace) => namespace.type === type);
  const namespace = list[index];
  return namespace && { namespace, pointer: `/linux/namespaces/${index}` };
}

/** Whether the container gets a namespace of its own, new or joined. */
export function hasNamespace(config: Config, type: NamespaceType): boolean {
  return findNamespace(config, type) !== undefined;
}

/** Whether the container gets a new namespace of that type. */
export function makesNamespace(config: Config, type: NamespaceType): boolean {
  const found = findNamespace(config, type);
  return found !== undefined && !found.namespace.path;
}
