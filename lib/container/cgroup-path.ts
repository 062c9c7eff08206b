// SPDX-License-Identifier: Apache-2.0

import type { Config } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import { absolutePath } from "../path.ts";
import { cgroupOwner } from "../plan/cgroup-owner.ts";
import { neededControllers } from "../plan/cgroups.ts";
import type { CgroupPlace } from "../plan/facts.ts";
import { findMount } from "./mountinfo.ts";

const limit = 1 << 20;

/** For a configuration that names no cgroup; without a folder of ours that would stay behind. */
const defaultPath = (id: string): string => `/runts-${id}`;

const usualMount = "/sys/fs/cgroup";

const delegateFile = "/sys/kernel/cgroup/delegate";

/** For kernels that do not list them there. */
const delegated = "cgroup.procs cgroup.subtree_control cgroup.threads";

function read(host: Host, path: string): string | undefined {
  try {
    return host.decode(host.readFile(path, limit));
  } catch {
    return undefined; // not there, or not for us to read: the callers know what follows
  }
}

function words(text: string | undefined): readonly string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}

/** Why a controller is not to be had: cgroup v1 holds it, the kernel lacks it, or someone above disabled it. */
function whyMissing(host: Host, controller: string): string {
  const line = (read(host, "/proc/cgroups") ?? "")
    .split("\n")
    .find((row) => row.startsWith(`${controller}\t`));
  const [, hierarchy, , enabled] = line?.split("\t") ?? [];
  if (line === undefined) return "this kernel does not have it";
  if (enabled === "0") return "it is disabled on the kernel's command line";
  if (hierarchy !== "0") return "it is held by a cgroup v1 hierarchy on this host";
  return "it is not enabled in the parent of this cgroup tree";
}

/** Where cgroup2 is mounted, if it is; the usual place needs no search, and whoever opens it checks what it is. */
export function cgroupMount(host: Host): string | undefined {
  if (host.kind(`${usualMount}/cgroup.controllers`) === "file") return usualMount;
  return findMount(read(host, "/proc/self/mountinfo") ?? "", "cgroup2", usualMount);
}

/** The cgroups from the mount's root down to the parent of `path`. */
function above(path: string): readonly string[] {
  const parts = path.split("/").slice(1, -1);
  return ["/", ...parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`)];
}

/** What must be enabled above a cgroup, so that it has the controllers. */
export function enableSteps(
  host: Host,
  mount: string,
  path: string,
  needed: ReadonlyMap<string, string>,
): CgroupPlace["enable"] {
  if (needed.size === 0) return [];
  const available = words(read(host, `${mount}/cgroup.controllers`));
  for (const [controller, pointer] of needed)
    if (!available.includes(controller))
      throw new RuntsError("system", {
        pointer,
        detail: `cgroup controller ${controller} is not available: ${whyMissing(host, controller)}`,
      });
  return above(path).flatMap((parent) => {
    const enabled = words(read(host, `${mount}${parent}/cgroup.subtree_control`));
    const missing = [...needed.keys()].filter((controller) => !enabled.includes(controller));
    return missing.length === 0 ? [] : [{ path: parent, value: missing.map((name) => `+${name}`).join(" ") }];
  });
}

/** An ordinary user's part of the tree: below its own cgroup, where that was delegated to it. */
function ownParent(host: Host, mount: string): string | undefined {
  const line = (read(host, "/proc/self/cgroup") ?? "").split("\n").find((row) => row.startsWith("0::"));
  const path = line?.slice(3) ?? "/";
  const parent = path.slice(0, path.lastIndexOf("/"));
  // beside its own first: a cgroup that has processes cannot hand controllers down
  return [parent, path].find((candidate) => host.writable(`${mount}${candidate}`));
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
    : { owner, delegate: words(read(host, delegateFile) ?? delegated) };
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
    if (parent === undefined) return nothing("this user may not make cgroups: none is delegated to it");
    path = absolutePath("/", `${parent}/${asked ?? id}`);
  }
  return {
    mount,
    path,
    enable: enableSteps(host, mount, path, needed),
    ...ownerOf(host, config, privileged),
  };
}
