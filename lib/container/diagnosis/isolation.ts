// SPDX-License-Identifier: Apache-2.0

/** Why a namespace was not made or joined, ids not mapped, a user not taken on, a sysctl not set. */

import { namespaceFiles, namespaceFlags } from "../../tables/namespaces.ts";
import { readText } from "../controllers.ts";
import { type Case, type Finding, finding, indexOf, obstacle } from "./case.ts";
import { EACCES, ENOENT, EPERM } from "./view.ts";

const [EINVAL, ENOSPC, ENOSYS, EUSERS, ERANGE, ENOMEM, EAGAIN, ESRCH] = [22, 28, 38, 87, 34, 12, 11, 3];

const nameOfFlag = (flag: number): string =>
  Object.entries(namespaceFlags).find(([, bits]) => bits === flag)?.[0] ?? "unknown";

export function explainNamespacePath(failure: Case): Finding | undefined {
  const index = indexOf(failure.pointer, "/linux/namespaces");
  const asked = index === undefined ? undefined : failure.config?.linux?.namespaces?.[index];
  if (!asked?.path) return undefined;
  const { path, type } = asked;
  const file = namespaceFiles[type] ?? type;
  const usual = `name /proc/PID/ns/${file} of a process that is in it, or a file onto which it was bound`;
  const other = /another type \((0x[0-9a-f]+)\)/.exec(failure.detail)?.[1];
  if (other !== undefined)
    return finding(`${path} is a ${nameOfFlag(Number(other))} namespace, not a ${type} namespace`, usual);
  if (failure.detail.endsWith("is not a namespace")) return finding(`${path} is not a namespace`, usual);
  const pid = /^\/proc\/(\d+)\//.exec(path)?.[1];
  const why = obstacle(failure.outside.walk(path));
  if (pid !== undefined && failure.errno === ENOENT && why?.startsWith(`/proc/${pid} `))
    return finding(
      `process ${pid} is gone, and its namespaces with it`,
      "start what it belongs to (the pod, the other container) again; it must be running",
    );
  if (why === undefined) return undefined;
  const named = path.startsWith("/run/netns/") || path.startsWith("/var/run/netns/");
  return finding(why, ...(named ? [`ip netns add ${path.slice(path.lastIndexOf("/") + 1)}`] : []), usual);
}

export function explainJoin({ errno, detail }: Case): Finding | undefined {
  if (errno === EINVAL && detail.startsWith("user namespace"))
    return finding(
      "it is runts' own user namespace: the kernel refuses to join what one is already in",
      "leave the user namespace out of linux.namespaces: without it the container stays where runts is",
    );
  if (errno === EPERM)
    return finding(
      "joining needs CAP_SYS_ADMIN over that namespace, in the user namespace that owns it",
      "list the user namespace that owns it in linux.namespaces, too, or run as root",
    );
  if (errno === ESRCH) return finding("the process ended meanwhile", "start it again");
  return undefined;
}

/** Why no new namespaces: limits, rights, or the kernel has none. */
export function explainNewNamespaces(failure: Case): Finding | undefined {
  const { errno, host, detail } = failure;
  const read = (name: string) => readText(host, `/proc/sys/${name}`)?.trim();
  const asked = (failure.config?.linux?.namespaces ?? []).filter(({ path }) => path === undefined);
  if (errno === ENOSPC || errno === EUSERS) {
    const none = asked.find(({ type }) => read(`user/max_${namespaceLimits[type]}_namespaces`) === "0");
    const name = namespaceLimits[none?.type ?? "user"];
    return finding(
      none
        ? `this host allows no ${none.type} namespaces (user.max_${name}_namespaces is 0)`
        : "the number of namespaces that this user may have is reached (user.max_*_namespaces), or they are nested 32 deep",
      `sysctl -w user.max_${name}_namespaces=15000`,
    );
  }
  if (errno === EPERM) {
    if (read("kernel/unprivileged_userns_clone") === "0")
      return finding(
        "this host lets only root make user namespaces",
        "sysctl -w kernel.unprivileged_userns_clone=1",
      );
    if (read("kernel/apparmor_restrict_unprivileged_userns") === "1")
      return finding(
        "AppArmor keeps user namespaces from programs without a profile that allows them",
        "give runts an AppArmor profile with the rule userns, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
      );
    return finding(
      "making namespaces needs CAP_SYS_ADMIN, or a user namespace among them",
      "run as root, or add a user namespace (runts spec --rootless)",
    );
  }
  if (errno === EINVAL || errno === ENOSYS)
    return finding("this kernel does not have one of the namespaces asked for", "runts doctor tells which");
  if (errno === ENOMEM)
    return finding("the kernel has no memory for another process or namespace", "end something");
  if (errno === EAGAIN)
    return finding(
      // the cgroup may have told which (../cause.ts)
      /the limit of processes \(pids\.max\).* is reached/.exec(detail)?.[0] ??
        "the limit of processes is reached (RLIMIT_NPROC, kernel.pid_max, pids.max)",
      "raise it, or end some",
    );
  return undefined;
}

/** user.max_*_namespaces have the kernel's short names. */
const namespaceLimits: Readonly<Record<string, string>> = { ...namespaceFiles };

export function explainTimeOffsets({ errno }: Case): Finding | undefined {
  if (errno !== ERANGE) return undefined;
  return finding(
    "an offset would set the clock below zero, before the boot",
    "choose an offset that keeps boottime and monotonic above 0",
  );
}

function unmapped(
  id: number,
  mappings: readonly { containerID: number; size: number }[] | undefined,
): boolean {
  return mappings?.some(({ containerID, size }) => id >= containerID && id < containerID + size) !== true;
}

const rangesOf = (mappings: readonly { containerID: number; size: number }[] | undefined): string =>
  (mappings ?? []).map(({ containerID, size }) => `${containerID}-${containerID + size - 1}`).join(", ");

/** Ids of process.user that mean nothing in the user namespace. */
export function unmappedId({ config, process }: Pick<Case, "config" | "process">): Finding | undefined {
  const { uidMappings, gidMappings } = config?.linux ?? {};
  if (!uidMappings || !config?.linux?.namespaces?.some(({ type }) => type === "user")) return undefined;
  const { uid = 0, gid = 0, additionalGids = [] } = process?.user ?? {};
  if (unmapped(uid, uidMappings))
    return finding(
      `uid ${uid} is not mapped in the user namespace (mapped: ${rangesOf(uidMappings)})`,
      "make linux.uidMappings larger, or choose another process.user.uid",
    );
  const group = [gid, ...additionalGids].find((id) => unmapped(id, gidMappings));
  if (group === undefined) return undefined;
  return finding(
    `gid ${group} is not mapped in the user namespace (mapped: ${rangesOf(gidMappings)})`,
    "make linux.gidMappings larger, or choose other groups in process.user",
  );
}

export function explainRootOfNamespace({ config }: Case): Finding | undefined {
  const { uidMappings, gidMappings } = config?.linux ?? {};
  const [what, mappings] = unmapped(0, uidMappings) ? ["uid", uidMappings] : ["gid", gidMappings];
  if (!mappings || !unmapped(0, mappings)) return undefined;
  return finding(
    `${what} 0 is not mapped in the user namespace (mapped: ${rangesOf(mappings)}), and the container is made by it`,
    `let linux.${what}Mappings begin at containerID 0`,
  );
}

export function explainIdMap(failure: Case): Finding | undefined {
  const { errno, op, host } = failure;
  const helper = op === "runIdMapHelper";
  if (helper)
    return finding(
      "newuidmap and newgidmap map only what /etc/subuid and /etc/subgid hand to this user",
      `add a line to /etc/subuid and /etc/subgid: ${host.env("USER") ?? host.uid}:100000:65536`,
      "map only ids of that range",
    );
  if (errno === EINVAL)
    return finding(
      "the kernel refuses the mappings: ranges overlap, are empty, or there are more than 340",
      "correct linux.uidMappings and linux.gidMappings",
    );
  if (errno === EPERM)
    return finding(
      "this user may map only itself, or ids that are mapped where runts runs",
      "map within the ids of runts' own user namespace (/proc/self/uid_map)",
    );
  return undefined;
}

export function explainOomScore({ errno }: Case): Finding | undefined {
  if (errno !== EACCES && errno !== EPERM) return undefined;
  return finding(
    "lowering the score below that of runts itself needs CAP_SYS_RESOURCE",
    "choose a higher process.oomScoreAdj, or run as root",
  );
}

export function explainSysctl(failure: Case): Finding | undefined {
  const name = failure.pointer.slice("/linux/sysctl/".length).replaceAll("~1", "/");
  const file = `/proc/sys/${name.replaceAll(".", "/")}`;
  const value = failure.config?.linux?.sysctl?.[name] ?? "";
  switch (failure.errno) {
    case ENOENT:
      return finding(
        `this kernel has no sysctl ${name} (${file} does not exist in the container)`,
        "see to its spelling, or load the kernel module that brings it (modprobe)",
      );
    case EINVAL:
    case ERANGE:
      return finding(
        `the kernel refuses ${JSON.stringify(value)}: that is not a value of ${name}`,
        `write a value such as cat ${file} shows, mostly a number`,
      );
    case EACCES:
    case EPERM:
      return finding(
        `${name} belongs to the namespace's owner: this container's user may not set it`,
        "set it on the host, or leave it out",
      );
    default:
      return undefined;
  }
}
