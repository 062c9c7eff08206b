// SPDX-License-Identifier: Apache-2.0

/** What the kernel can, by asking it: each question is a call that changes nothing (native/probe.c). */

import type { Host, ProbeName } from "../../host.ts";
import { errnoName } from "../../tables/errno.ts";
import { namespaceFiles, namespaceFlags } from "../../tables/namespaces.ts";
import { listenerFlags, seccompActions, seccompFlags } from "../../tables/seccomp.ts";
import { readText } from "../controllers.ts";
import { isPrivileged } from "../facts.ts";
import { type Check, check, type State } from "./check.ts";

const [EPERM, ENOSYS, EINVAL, ENOSPC, EACCES, EUSERS] = [1, 38, 22, 28, 13, 87];

interface Question {
  readonly name: string;
  readonly probe: ProbeName;
  readonly text?: string;
  /** what it is for */
  readonly use: string;
  /** without it */
  readonly without: State;
}

const newer =
  "take Linux 5.12 or newer; where runts runs in a container, its seccomp profile may hide the call";

const questions: readonly Question[] = [
  { name: "clone3", probe: "clone", use: "a process with its namespaces at once", without: "refused" },
  { name: "openat2", probe: "openat2", use: "paths that cannot leave the rootfs", without: "refused" },
  { name: "pidfd", probe: "pidfd", use: "signals that cannot hit another process", without: "refused" },
  {
    name: "close_range",
    probe: "closeRange",
    use: "no descriptor leaks into a container",
    without: "refused",
  },
  {
    name: "fsopen",
    probe: "fileSystem",
    text: "tmpfs",
    use: "mounts that nothing can redirect",
    without: "refused",
  },
  { name: "mount_setattr", probe: "mountAttributes", use: "options of bind mounts", without: "refused" },
  {
    name: "idmapped mounts",
    probe: "mappedMount",
    text: "/",
    use: "options idmap and ridmap",
    without: "limited",
  },
  {
    name: "overlay",
    probe: "fileSystem",
    text: "overlay",
    use: "mounts of type overlay",
    without: "limited",
  },
  { name: "device programs", probe: "deviceProgram", use: "linux.resources.devices", without: "limited" },
  {
    name: "session keyrings",
    probe: "keyring",
    use: "keys of its own for each container",
    without: "limited",
  },
];

/** A call that is refused for want of rights is one that the kernel knows. */
function answer(question: Question, errno: number, privileged: boolean): Check {
  const { name, use, without } = question;
  if (errno === 0) return check("kernel", name, "ok", use);
  if (errno === EPERM || errno === EACCES) {
    if (!privileged && name !== "device programs")
      return check("kernel", name, "ok", `${use}; inside a user namespace of the container's`);
    const state = name === "device programs" ? "limited" : without;
    return check(
      "kernel",
      name,
      state,
      `${use}: runts may not do it here (${errnoName(errno)})`,
      "give runts CAP_SYS_ADMIN (and CAP_BPF, CAP_NET_ADMIN for device rules)",
    );
  }
  const mend = name === "overlay" ? "modprobe overlay" : newer;
  return check("kernel", name, without, `${use}: the kernel says ${errnoName(errno)}`, mend);
}

function bySeccomp(host: Host): readonly Check[] {
  const flags = Object.entries(seccompFlags).map(([flag, bits]) => {
    // WAIT_KILLABLE_RECV goes with a listener only
    const asked = bits === listenerFlags ? bits | 0x08 : bits;
    return { name: flag.replace("SECCOMP_FILTER_FLAG_", ""), errno: host.probe("seccompFlags", "", asked) };
  });
  const actions = Object.entries(seccompActions).filter(
    ([, bits]) => host.probe("seccompAction", "", bits) !== 0,
  );
  const missing = flags.filter(({ errno }) => errno !== 0);
  if (missing.length === flags.length && missing.every(({ errno }) => errno === ENOSYS || errno === EINVAL))
    return [
      check(
        "kernel",
        "seccomp",
        "limited",
        "no filters: linux.seccomp is refused",
        "take a kernel with CONFIG_SECCOMP_FILTER",
      ),
    ];
  return [
    check("kernel", "seccomp", "ok", `filters, compiled by libseccomp ${host.version.seccomp}`),
    missing.length === 0
      ? check("kernel", "seccomp flags", "ok", flags.map(({ name }) => name).join(", "))
      : check(
          "kernel",
          "seccomp flags",
          "limited",
          `not ${missing.map(({ name }) => name).join(", ")}`,
          "leave these flags out, or take a newer kernel",
        ),
    actions.length === 0
      ? check("kernel", "seccomp actions", "ok", "all, SCMP_ACT_NOTIFY among them")
      : check(
          "kernel",
          "seccomp actions",
          "limited",
          `not ${actions.map(([name]) => name).join(", ")}`,
          "leave these actions out, or take a newer kernel",
        ),
  ];
}

export function kernelChecks(host: Host): readonly Check[] {
  const release = readText(host, "/proc/sys/kernel/osrelease")?.trim() ?? "unknown";
  const privileged = isPrivileged(host);
  return [
    check("kernel", "release", "ok", `Linux ${release}, ${host.architecture}`),
    ...questions.map((question) =>
      answer(question, host.probe(question.probe, question.text ?? "", 0), privileged),
    ),
    ...bySeccomp(host),
  ];
}

/** Why a kind of namespace cannot be made; undefined when it can. */
export function namespaceObstacle(host: Host, type: string): { detail: string; mend: string } | undefined {
  const user = namespaceFlags.user ?? 0;
  const own = namespaceFlags[type] ?? 0;
  const flags = isPrivileged(host) ? own : own | user;
  const errno = host.probe("clone", "", flags);
  if (errno === 0) return undefined;
  const read = (name: string) => readText(host, `/proc/sys/${name}`)?.trim();
  if (errno === ENOSPC || errno === EUSERS) {
    const file = [namespaceFiles[type] ?? type, "user"].find(
      (name) => read(`user/max_${name}_namespaces`) === "0",
    );
    const name = `user.max_${file ?? namespaceFiles[type] ?? type}_namespaces`;
    return { detail: `${name} is ${file ? "0" : "reached"}`, mend: `sysctl -w ${name}=15000` };
  }
  if (errno === EPERM && read("kernel/unprivileged_userns_clone") === "0")
    return {
      detail: "kernel.unprivileged_userns_clone is 0",
      mend: "sysctl -w kernel.unprivileged_userns_clone=1",
    };
  if (errno === EPERM && read("kernel/apparmor_restrict_unprivileged_userns") === "1")
    return {
      detail: "kernel.apparmor_restrict_unprivileged_userns is 1",
      mend: "give runts an AppArmor profile with the rule userns",
    };
  if (errno === EPERM)
    return {
      detail: "runts may not make it (EPERM)",
      mend: "run as root, or without the seccomp profile or chroot around runts",
    };
  return { detail: `this kernel does not have it (${errnoName(errno)})`, mend: "take a kernel that has it" };
}

/** Those without which no container of an engine's is made. */
const needed = new Set(["mount", "pid"]);

export function namespaceChecks(host: Host): readonly Check[] {
  return Object.keys(namespaceFlags).map((type) => {
    const found = namespaceObstacle(host, type);
    const most = readText(host, `/proc/sys/user/max_${namespaceFiles[type] ?? type}_namespaces`)?.trim();
    if (!found)
      return check(
        "namespaces",
        type,
        "ok",
        most === undefined ? "can be made" : `can be made, ${most} for each user`,
      );
    const state = needed.has(type) || (type === "user" && !isPrivileged(host)) ? "refused" : "limited";
    return check("namespaces", type, state, found.detail, found.mend);
  });
}
