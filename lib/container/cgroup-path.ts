// SPDX-License-Identifier: Apache-2.0

import type { Config } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import { absolutePath } from "../path.ts";
import { cgroupOwner } from "../plan/cgroup-owner.ts";
import type { CgroupPlace } from "../plan/facts.ts";
import { neededControllers } from "../plan/limits.ts";
import { findControllers, readText, words } from "./controllers.ts";
import { checkPresentUse } from "./memory-use.ts";
import { findMount } from "./mountinfo.ts";

/** For a configuration that names no cgroup; without a folder of ours that would stay behind. */
const defaultPath = (id: string): string => `/runts-${id}`;

const usualMount = "/sys/fs/cgroup";

const delegateFile = "/sys/kernel/cgroup/delegate";

/** For kernels that do not list them there. */
const delegated = "cgroup.procs cgroup.subtree_control cgroup.threads";

/** Where cgroup2 is mounted, if it is; the usual place needs no search, and whoever opens it checks what it is. */
export function cgroupMount(host: Host): string | undefined {
  if (host.kind(`${usualMount}/cgroup.controllers`) === "file") return usualMount;
  return findMount(readText(host, "/proc/self/mountinfo") ?? "", "cgroup2", usualMount);
}

/** An ordinary user's part of the tree: below its own cgroup, where that was delegated to it. */
function ownParent(host: Host, mount: string): string | undefined {
  const line = (readText(host, "/proc/self/cgroup") ?? "").split("\n").find((row) => row.startsWith("0::"));
  const path = line?.slice(3) ?? "/";
  const parent = path.slice(0, path.lastIndexOf("/"));
  // beside its own first: a cgroup that has processes cannot hand controllers down
  return [parent, path].find((candidate) => host.writable(`${mount}${candidate}`));
}

/** Whether an ordinary user may make this cgroup: the nearest one above it that is there was handed to him. */
function isDelegated(host: Host, mount: string, path: string): boolean {
  let above = path;
  do above = above.slice(0, above.lastIndexOf("/"));
  while (above !== "" && host.kind(mount + above) === "missing");
  return host.writable(mount + above);
}

/** An ordinary user's cgroup is his own, and he cannot give it away. */
export function ownerOf(
  host: Host,
  config: Config,
  privileged: boolean,
): Pick<CgroupPlace, "owner" | "delegate"> {
  const owner = privileged ? cgroupOwner(config) : undefined;
  return owner === undefined
    ? { delegate: [] }
    : { owner, delegate: words(readText(host, delegateFile) ?? delegated) };
}

/**
 * Where the container's cgroup is to be. Undefined where an ordinary user has none and asks for no limit.
 * An absolute cgroupsPath is taken from the mount; so is a relative one, as crun does.
 */
export function placeCgroup(
  host: Host,
  config: Config,
  id: string,
  privileged: boolean,
): CgroupPlace | undefined {
  const mount = cgroupMount(host);
  const needed = neededControllers(config.linux?.resources ?? {});
  const nothing = (why: string): undefined => {
    const [first] = needed.values();
    if (first === undefined && !privileged) return undefined;
    throw new RuntsError("system", { pointer: first ?? "/linux/cgroupsPath", detail: why });
  };
  if (mount === undefined) return nothing("no cgroup2 file system is mounted on this host");
  const asked = config.linux?.cgroupsPath;
  let path = absolutePath("/", asked ? asked : defaultPath(id));
  if (!privileged) {
    const parent = ownParent(host, mount);
    if (!asked?.startsWith("/") || !isDelegated(host, mount, path)) {
      if (parent === undefined) return nothing("this user may not make cgroups: none is delegated to it");
      path = absolutePath("/", `${parent}/${asked ? asked : id}`);
    }
  }
  checkPresentUse(host, `${mount}${path}`, config.linux?.resources?.memory);
  return {
    mount,
    path,
    ...findControllers(host, mount, needed),
    ...ownerOf(host, config, privileged),
  };
}

/** Where it would be on a host that has all it needs. */
function cgroupAsAsked({ linux }: Config, id: string): CgroupPlace {
  const { cgroupsPath, resources = {} } = linux ?? {};
  const path = absolutePath("/", cgroupsPath ? cgroupsPath : defaultPath(id));
  return {
    mount: usualMount,
    path,
    needed: [...neededControllers(resources).keys()],
    offered: [],
    delegate: [],
  };
}

/** How a driver of cgroups finds a container's place, and what it would be where the host has none. */
export interface CgroupPlaces {
  place(host: Host, config: Config, id: string, privileged: boolean): CgroupPlace | undefined;
  asAsked(config: Config, id: string): CgroupPlace | undefined;
}

export const cgroupPlaces: CgroupPlaces = { place: placeCgroup, asAsked: cgroupAsAsked };
