// SPDX-License-Identifier: Apache-2.0

/** Where the container's cgroup is to be when systemd makes it: --systemd-cgroup. */

import type { Config } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { CgroupPlace, ScopePlace } from "../plan/facts.ts";
import { neededControllers } from "../plan/limits.ts";
import { annotatedProperties } from "../plan/scope-annotations.ts";
import { bfqWeight } from "../plan/scope-limits.ts";
import { nameScope } from "../plan/scope-name.ts";
import { type CgroupPlaces, cgroupMount, ownerOf } from "./cgroup-path.ts";
import { findControllers } from "./controllers.ts";

/** systemd hands these down itself, to a scope with Delegate=. */
const handedDown: readonly string[] = ["cpu", "cpuset", "io", "memory", "pids"];

function refuse(detail: string): never {
  throw new RuntsError("system", { pointer: "/linux/cgroupsPath", detail });
}

/** systemd's own manager: over the bus, or the socket that it has for root alone. */
const system: Pick<ScopePlace, "addresses" | "uid"> = {
  addresses: ["unix:path=/run/dbus/system_bus_socket", "unix:path=/run/systemd/private"],
  uid: -1,
};

/** Root of a container that has a user namespace and a systemd of its own: that one's root, though not the host's. */
function ownsSystemd(host: Host): boolean {
  if (host.uid !== 0) return false;
  try {
    const first = host.decode(host.readFile("/proc/1/comm", 64)).trim();
    return first === "systemd" && host.readLink("/proc/1/ns/user") === host.readLink("/proc/self/ns/user");
  } catch {
    return false; // it is a process of the outside
  }
}

/** Our user id outside of a user namespace that we are in: the bus is outside. */
function uidOutside(host: Host): number {
  const map = host.decode(host.readFile("/proc/self/uid_map", 65536));
  for (const line of map.split("\n")) {
    const [inside = -1, outside = -1, count = 0] = line.trim().split(/\s+/).map(Number);
    if (host.uid >= inside && host.uid < inside + count) return outside + host.uid - inside;
  }
  return host.uid;
}

/** D-Bus has its own way to write what may not stand in an address. */
const escaped = (path: string): string =>
  path.replace(/[^\w/.\\-]/gu, (letter) =>
    letter < "\x80" ? `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}` : encodeURIComponent(letter),
  );

function userManager(host: Host): Pick<ScopePlace, "addresses" | "uid"> {
  const folder = host.env("XDG_RUNTIME_DIR") ?? "";
  const session = host.env("DBUS_SESSION_BUS_ADDRESS") ?? "";
  if (folder === "" && session === "")
    refuse("systemd's manager of this user is not known: XDG_RUNTIME_DIR is not set");
  const sockets = folder === "" ? [] : ["bus", "systemd/private"].map((name) => `${folder}/${name}`);
  return {
    addresses: [...(session === "" ? [] : [session]), ...sockets.map((path) => `unix:path=${escaped(path)}`)],
    uid: uidOutside(host),
  };
}

/** The cgroup of the user's manager, which all of its units lie in. */
function userParent(host: Host, uid: number): string {
  const own = host.decode(host.readFile("/proc/self/cgroup", 65536));
  const found = new RegExp(`^0::(.*/user@${uid}\\.service)(?:/|$)`, "m").exec(own)?.[1];
  return found ?? `/user.slice/user-${uid}.slice/user@${uid}.service`;
}

/** A controller that is not handed to the user's manager is passed over in silence by systemd: we are not silent. */
function checkDelegated(host: Host, folder: string, needed: ReadonlyMap<string, string>): void {
  let text: string;
  try {
    text = host.decode(host.readFile(`${folder}/cgroup.controllers`, 4096));
  } catch {
    refuse(`systemd's manager of this user does not run: there is no ${folder}`);
  }
  for (const [controller, from] of needed)
    if (!text.trim().split(" ").includes(controller))
      throw new RuntsError("system", {
        pointer: from,
        detail: `cgroup controller ${controller} is not delegated to this user: ${folder} has ${text.trim()}; Delegate= of user@.service says which are`,
      });
}

/** Where io is not handed down, no cgroup shows its files: then the module tells. */
const hasBfq = (host: Host, folder: string): boolean =>
  host.kind(`${folder}/${bfqWeight}`) !== undefined || host.kind("/sys/module/bfq") !== undefined;

/** Where systemd will make the container's cgroup, and in what words it is to be asked. */
export function placeScope(host: Host, config: Config, id: string, privileged: boolean): CgroupPlace {
  if (host.kind("/run/systemd/system") !== "directory")
    refuse("--systemd-cgroup: systemd does not run this host (there is no /run/systemd/system)");
  const mount = cgroupMount(host);
  if (mount === undefined) return refuse("no cgroup2 file system is mounted on this host");
  const { linux, annotations } = config;
  const ofSystem = privileged || ownsSystemd(host);
  const manager = ofSystem ? system : userManager(host);
  const parent = ofSystem ? "" : userParent(host, manager.uid);
  const usualSlice = ofSystem ? "system.slice" : "user.slice";
  const { slice, unit, folder } = nameScope(linux?.cgroupsPath, id, usualSlice);
  const path = `${parent}${folder}/${unit}`;
  const needed = neededControllers(linux?.resources ?? {});
  if (!privileged) checkDelegated(host, `${mount}${parent}`, needed);
  const controllers = findControllers(host, mount, needed).needed;
  return {
    mount,
    path,
    needed: privileged ? controllers.filter((name) => !handedDown.includes(name)) : [],
    offered: [],
    ...ownerOf(host, config, privileged),
    scope: {
      ...manager,
      unit,
      slice,
      hasBfq: needed.has("io") && hasBfq(host, `${mount}${parent || "/init.scope"}`),
      annotated: annotatedProperties(annotations),
    },
  };
}

/** Where it would be under the system's manager; undefined for names that none would take. */
function scopeAsAsked({ linux, annotations }: Config, id: string): CgroupPlace | undefined {
  try {
    const { slice, unit, folder } = nameScope(linux?.cgroupsPath, id, "system.slice");
    const scope = { ...system, unit, slice, hasBfq: false, annotated: annotatedProperties(annotations) };
    return {
      mount: "/sys/fs/cgroup",
      path: `${folder}/${unit}`,
      ...{ needed: [], offered: [], delegate: [], scope },
    };
  } catch {
    return undefined; // placeScope has told why
  }
}

export const scopePlaces: CgroupPlaces = { place: placeScope, asAsked: scopeAsAsked };
