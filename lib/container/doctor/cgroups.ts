// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { errnoName } from "../../tables/errno.ts";
import { cgroupMount, placeCgroup } from "../cgroup-path.ts";
import { findControllers, readText } from "../controllers.ts";
import { advise } from "../diagnosis/advice.ts";
import { isPrivileged } from "../facts.ts";
import { type Check, check } from "./check.ts";

/** What limits of config.json ask for. */
const controllers = ["cpu", "cpuset", "memory", "io", "pids", "hugetlb", "rdma"];

const group = "cgroups";

/** Why a controller is not to be had; undefined when it is. */
export function controllerObstacle(host: Host, mount: string, name: string): RuntsError | undefined {
  try {
    findControllers(host, mount, new Map([[name, ""]]));
    return undefined;
  } catch (error) {
    if (error instanceof RuntsError) return error;
    throw error;
  }
}

function controllerChecks(host: Host, mount: string): readonly Check[] {
  return controllers.map((name) => {
    const error = controllerObstacle(host, mount, name);
    if (!error) return check(group, name, "ok", "there");
    const detail = (error.facts.detail ?? "").replace(/^cgroup controller \S+ is /, "");
    return check(group, name, "limited", detail, advise(error)[0]);
  });
}

/** The caller's own cgroup, in which a child that ends at once harms nobody. */
function ownFolder(host: Host, mount: string): string {
  const line = (readText(host, "/proc/self/cgroup") ?? "").split("\n").find((row) => row.startsWith("0::"));
  const path = line?.slice(3) ?? "/";
  return path.startsWith("/..") ? mount : `${mount}${path}`;
}

function kernelAbilities(host: Host, mount: string): readonly Check[] {
  const own = ownFolder(host, mount);
  const errno = host.probe("cloneInto", own, 0);
  // EBUSY, EACCES: the kernel knows the flag and refuses this very cgroup
  const knows = ![22, 38, 7].includes(errno);
  const children = host.list(mount).filter((name) => host.kind(`${mount}/${name}/cgroup.procs`) === "file");
  const [child] = children;
  const files =
    child === undefined
      ? undefined
      : ["cgroup.kill", "cgroup.freeze"].filter((file) => host.kind(`${mount}/${child}/${file}`) !== "file");
  return [
    knows
      ? check(group, "birth in a cgroup", "ok", "clone3 with CLONE_INTO_CGROUP")
      : check(
          group,
          "birth in a cgroup",
          "refused",
          `CLONE_INTO_CGROUP: ${errnoName(errno)}`,
          "take Linux 5.12 or newer",
        ),
    files === undefined || files.length === 0
      ? check(
          group,
          "kill and freeze",
          "ok",
          files === undefined ? "not seen: there is no cgroup yet" : "cgroup.kill, cgroup.freeze",
        )
      : check(
          group,
          "kill and freeze",
          "limited",
          `this kernel has no ${files.join(", ")}`,
          "take Linux 5.14 or newer",
        ),
  ];
}

function placeCheck(host: Host): Check {
  try {
    const place = placeCgroup(
      host,
      { ociVersion: "1.3.0", root: { path: "rootfs" } },
      "doctor",
      isPrivileged(host),
    );
    return place
      ? check(group, "place", "ok", `new cgroups go below ${place.path.replace(/\/?[^/]*$/, "") || "/"}`)
      : check(
          group,
          "place",
          "limited",
          "no cgroup is delegated to this user: containers run without one, and with no limits",
          "systemd-run --user --scope -p Delegate=yes, or --systemd-cgroup",
        );
  } catch (error) {
    if (!(error instanceof RuntsError)) throw error;
    return check(group, "place", "refused", error.facts.detail ?? "", advise(error)[0]);
  }
}

export function cgroupChecks(host: Host): readonly Check[] {
  const mount = cgroupMount(host);
  const mend = "mount -t cgroup2 cgroup2 /sys/fs/cgroup, or boot with systemd.unified_cgroup_hierarchy=1";
  if (mount === undefined) {
    const state = isPrivileged(host) ? "refused" : "limited";
    return [check(group, "cgroup v2", state, "no cgroup2 file system is mounted", mend)];
  }
  return [
    check(group, "cgroup v2", "ok", `mounted at ${mount}`),
    placeCheck(host),
    ...kernelAbilities(host, mount),
    ...controllerChecks(host, mount),
  ];
}
