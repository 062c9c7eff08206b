// SPDX-License-Identifier: Apache-2.0

/** Why a hook failed, or what was to hold the process could not be had: limits, filter, label, scheduler, devices. */

import { readText } from "../controllers.ts";
import { type Case, type Finding, finding, holder, indexOf, obstacle, octal } from "./case.ts";
import { unmappedId } from "./isolation.ts";
import { explainDestination, explainHostPath } from "./paths.ts";
import { explainFile, insideSearch, mayExecute, outsideSearch, userOf } from "./program.ts";
import { EACCES, ENOENT, ENOTDIR, EPERM } from "./view.ts";

const [EINVAL, EBUSY, ECONNREFUSED, ETIMEDOUT, ENODEV, EEXIST, ENXIO] = [22, 16, 111, 110, 19, 17, 6];

export function explainHook(failure: Case): Finding | undefined {
  const { pointer, syscall, detail, errno } = failure;
  const [, kind = "", index = "0"] = /^\/hooks\/(\w+)\/(\d+)/.exec(pointer) ?? [];
  const hooks: {
    readonly [name: string]: readonly { readonly path: string; readonly timeout?: number }[] | undefined;
  } = {
    ...failure.config?.hooks,
  };
  const hook = hooks[kind]?.[Number(index)];
  if (!hook) return undefined;
  if (syscall === "execve" || syscall === "posix_spawn") {
    // of the host's files all but one
    const inside = kind === "startContainer";
    const found = explainFile(inside ? insideSearch(failure) : outsideSearch(failure), hook.path);
    if (!found) return undefined;
    const remedies = inside
      ? ["startContainer hooks run inside: the image must have it", ...found.remedies]
      : found.remedies;
    return finding(found.why, ...(inside ? remedies : ["install the hook", ...remedies]));
  }
  const byHand = `run it by hand with a state on standard input: runts state ID | ${hook.path}`;
  if (errno === ETIMEDOUT)
    return finding(
      `the hook was not done after its timeout of ${hook.timeout ?? 0} s`,
      `raise hooks.${kind}[${index}].timeout, or see what it waits for`,
    );
  const status = /exit status (\d+)/.exec(detail)?.[1];
  if (status !== undefined)
    return finding(
      `the ${kind} hook ended with exit status ${status}, and a failing hook ends the ${kind === "startContainer" ? "start" : "create"}`,
      byHand,
    );
  const signal = /killed by signal (\d+)/.exec(detail)?.[1];
  if (signal !== undefined)
    return finding(
      `the ${kind} hook was killed by signal ${signal}`,
      "see who did: dmesg tells of lack of memory",
      byHand,
    );
  return undefined;
}

export function explainRlimit(failure: Case): Finding | undefined {
  const index = indexOf(failure.pointer, "/process/rlimits");
  const limit = index === undefined ? undefined : failure.process?.rlimits?.[index];
  if (!limit) return undefined;
  const most = readText(failure.host, "/proc/sys/fs/nr_open")?.trim();
  if (limit.type === "RLIMIT_NOFILE" && most !== undefined && Number(limit.hard) > Number(most))
    return finding(
      `${limit.hard} is above fs.nr_open, ${most}, the most that this host lets anybody have`,
      `lower the hard limit to ${most}, or on the host: sysctl -w fs.nr_open=${limit.hard}`,
    );
  if (failure.errno === EPERM)
    return finding(
      `raising a hard limit to ${limit.hard} needs CAP_SYS_RESOURCE, which runts does not have here`,
      `lower process.rlimits[${index}].hard to what ulimit -H shows, or run as root`,
    );
  return undefined;
}

/** Steps after a filter that is loaded early are under it. */
export function underFilter({ config, process, errno, syscall }: Case): Finding | undefined {
  if (!config?.linux?.seccomp || process?.noNewPrivileges || errno === 0) return undefined;
  const action = config.linux.seccomp.syscalls?.find(
    ({ names, action }) => names.includes(syscall) && action !== "SCMP_ACT_ALLOW",
  );
  if (!action && config.linux.seccomp.defaultAction === "SCMP_ACT_ALLOW") return undefined;
  return finding(
    `the seccomp filter refuses ${syscall}: without no_new_privs it must be loaded before the rights are dropped, and so holds for that, too`,
    "set process.noNewPrivileges, by which the filter comes last",
    `allow ${syscall} in linux.seccomp`,
  );
}

export function explainUser(failure: Case): Finding | undefined {
  const found = unmappedId(failure) ?? underFilter(failure);
  if (found) return found;
  if (failure.errno === EPERM && failure.syscall === "setgroups")
    return finding(
      "in this user namespace setgroups is denied, since an ordinary user mapped it without newgidmap",
      "leave out process.user.additionalGids, or install newuidmap and newgidmap (package uidmap)",
    );
  return undefined;
}

export function explainSeccomp(failure: Case): Finding | undefined {
  if (failure.errno === EINVAL)
    return finding(
      "this kernel does not know one of linux.seccomp.flags, or the filter is too long",
      "leave the flags out; runts doctor lists them",
    );
  if (failure.errno === EACCES || failure.errno === EPERM)
    return finding("loading a filter needs no_new_privs or CAP_SYS_ADMIN", "set process.noNewPrivileges");
  if (failure.errno === EBUSY)
    return finding("a filter with an agent is loaded already", "have one agent only");
  return undefined;
}

function notListening(failure: Case, path: string, who: string): Finding | undefined {
  const missing = explainHostPath(failure, path, `the socket of ${who}`);
  const remedy = `start ${who}, which must listen on ${path} before`;
  if (missing) return finding(missing.why, remedy);
  if (failure.errno === ECONNREFUSED) return finding(`nobody listens on ${path} any more`, remedy);
  if (failure.errno === ENXIO || failure.errno === EINVAL) return finding(`${path} is no socket`, remedy);
  return undefined;
}

export function explainAgent(failure: Case): Finding | undefined {
  return notListening(failure, failure.config?.linux?.seccomp?.listenerPath ?? "", "the seccomp agent");
}

export function explainConsoleSocket(failure: Case): Finding | undefined {
  return notListening(failure, failure.detail, "the one who takes the terminal (--console-socket)");
}

export function explainAppArmor(failure: Case): Finding | undefined {
  const profile = failure.process?.apparmorProfile ?? "";
  if (failure.errno === ENOENT)
    return finding(
      `AppArmor has no profile ${profile} loaded`,
      `load it: apparmor_parser -r FILE; aa-status lists those that are`,
    );
  if (failure.errno === EACCES || failure.errno === EPERM)
    return finding(
      `AppArmor does not let runts change to the profile ${profile}`,
      'look for apparmor="DENIED" in dmesg',
    );
  return undefined;
}

export function explainSelinux(failure: Case): Finding | undefined {
  if (failure.errno !== EINVAL) return undefined;
  return finding(
    "the loaded SELinux policy does not know this label",
    "see to its spelling, or install container-selinux",
  );
}

export function explainScheduler(failure: Case): Finding | undefined {
  const { policy, deadline = 0 } = failure.process?.scheduler ?? { policy: "" };
  if (policy === "SCHED_DEADLINE" && failure.errno === EINVAL)
    return finding(
      `the kernel takes no such deadline: runtime <= deadline <= period, and each at least 1024 ns, the period (or the deadline, ${deadline} ns) at least kernel.sched_deadline_period_min_us`,
      "raise deadline and period (nanoseconds)",
    );
  if (failure.errno === EBUSY)
    return finding("the processors have no bandwidth left for this deadline", "lower its runtime");
  if (failure.errno === EPERM)
    return finding(
      "a real-time policy needs CAP_SYS_NICE on the host, a cgroup with real-time bandwidth, and all processors for a deadline",
      "choose SCHED_OTHER, or run as root; kernel.sched_rt_runtime_us=-1 lifts the bandwidth",
    );
  return undefined;
}

export function explainMemoryPolicy({ errno, host }: Case): Finding | undefined {
  if (errno !== EINVAL) return undefined;
  const online = readText(host, "/sys/devices/system/node/online")?.trim() ?? "0";
  return finding(
    `this machine has no such memory node (it has ${online}), or the container's cpuset does not have it`,
    "choose nodes that /sys/devices/system/node/online lists",
  );
}

export function explainNetDevice(failure: Case): Finding | undefined {
  const name = failure.pointer.slice("/linux/netDevices/".length);
  if (failure.errno === ENODEV)
    return finding(
      `the host has no network device ${name}, where runts runs`,
      "ip link lists them; one that another container has is not the host's",
    );
  if (failure.errno === EEXIST)
    return finding(
      "a device of that name is there already, inside",
      "give it another name in linux.netDevices (ip link)",
    );
  if (failure.errno === EINVAL || failure.errno === EBUSY)
    return finding(
      `${name} cannot be moved to another network namespace`,
      "ip -d link show it: one with netns-local stays",
    );
  return undefined;
}

export function explainDevice(failure: Case): Finding | undefined {
  const index = indexOf(failure.pointer, "/linux/devices");
  const path = index === undefined ? undefined : failure.config?.linux?.devices?.[index]?.path;
  if (path === undefined) return undefined;
  if (failure.errno === EEXIST) {
    const found = failure.inside.bare().walk(path);
    const what = found.state === "found" ? `a ${found.sight.kind}` : "something else";
    return finding(
      `${path} is there already, as ${what}, and not that device`,
      "choose another path, or take the file out of the image",
    );
  }
  if (failure.errno === EPERM)
    return finding(
      "making device nodes needs CAP_MKNOD outside of user namespaces",
      "bind the host's device instead",
    );
  return explainDestination(failure, path, "path");
}

export function explainWorkingDirectory(failure: Case): Finding | undefined {
  const cwd = failure.process?.cwd ?? "/";
  const remedy = "correct process.cwd (exec: --cwd)";
  const found = failure.inside.walk(cwd);
  const why = obstacle(found, holder(failure, found));
  if (why !== undefined) return finding(why, remedy);
  if (failure.errno === ENOTDIR) return finding(`${cwd} is a file, not a folder`, remedy);
  if (failure.errno !== EACCES || found.state !== "found") return explainDestination(failure, cwd, "path");
  const user = userOf(failure.config, failure.process);
  const closed = found.folders.find(({ sight }) => !mayExecute(sight, user));
  if (!closed) return undefined;
  const { mode, uid, gid } = closed.sight;
  return finding(
    `the folder ${closed.path} (mode ${octal(mode)}, owner ${uid}:${gid}) lets ${user.name} not through`,
    `chmod a+x ${closed.path}`,
    remedy,
  );
}

export function explainOwnFile(failure: Case): Finding | undefined {
  const path = failure.detail;
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  if (failure.op !== "makeState") return explainHostPath(failure, folder, "the folder");
  const found = explainHostPath(failure, path, "the folder");
  return found && finding(found.why, "choose another folder for the containers' states: --root");
}
