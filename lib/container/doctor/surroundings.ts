// SPDX-License-Identifier: Apache-2.0

/** What the host has besides its kernel: systemd, security modules, ids for ordinary users, limits. */

import type { Host } from "../../host.ts";
import { readText } from "../controllers.ts";
import { isPrivileged } from "../facts.ts";
import { apparmorEnabled, selinuxEnabled } from "../security-modules.ts";
import { type Check, check } from "./check.ts";

function systemdCheck(host: Host): Check {
  const runs = host.kind("/run/systemd/system") === "directory";
  return runs
    ? check("host", "systemd", "ok", "runs this host: --systemd-cgroup can be used")
    : check(
        "host",
        "systemd",
        "limited",
        "does not run this host: --systemd-cgroup is refused",
        "leave --systemd-cgroup out (engines: cgroup driver cgroupfs)",
      );
}

function moduleChecks(host: Host): readonly Check[] {
  const list = readText(host, "/sys/kernel/security/lsm")?.trim();
  const without = (module: string, field: string) =>
    check(
      "host",
      module,
      "limited",
      `is not enabled: ${field} is refused`,
      `leave ${field} out, or boot with security=${module.toLowerCase()}`,
    );
  return [
    ...(list === undefined ? [] : [check("host", "security modules", "ok", list)]),
    apparmorEnabled(host)
      ? check("host", "AppArmor", "ok", "is enabled")
      : without("AppArmor", "process.apparmorProfile"),
    selinuxEnabled(host)
      ? check("host", "SELinux", "ok", "is enabled")
      : without("SELinux", "process.selinuxLabel"),
  ];
}

/** The name of a uid in passwd(5). */
function userName(host: Host): string {
  const row = (readText(host, "/etc/passwd") ?? "")
    .split("\n")
    .find((line) => line.split(":")[2] === `${host.uid}`);
  return row?.split(":")[0] ?? `${host.uid}`;
}

/** Ranges of subuid(5) that are this user's. */
export function subordinate(
  host: Host,
  file: string,
): readonly { readonly start: number; readonly count: number }[] {
  const name = userName(host);
  return (readText(host, file) ?? "")
    .split("\n")
    .map((line) => line.split(":"))
    .filter(([owner]) => owner === name || owner === `${host.uid}`)
    .map(([, start, count]) => ({ start: Number(start), count: Number(count) }));
}

function idChecks(host: Host): readonly Check[] {
  if (isPrivileged(host)) return [check("host", "ids", "ok", "root may map any")];
  const helper = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin"].some(
    (folder) => host.kind(`${folder}/newuidmap`) !== "missing",
  );
  const name = userName(host);
  const ranges = ["/etc/subuid", "/etc/subgid"].map((file) => subordinate(host, file));
  const total = ranges.map((list) => list.reduce((sum, { count }) => sum + count, 0));
  const few = Math.min(...total);
  if (!helper)
    return [
      check(
        "host",
        "ids",
        "limited",
        "there is no newuidmap: only one id can be mapped",
        "install newuidmap and newgidmap (package uidmap)",
      ),
    ];
  return [
    few > 0
      ? check("host", "ids", "ok", `${few} of /etc/subuid and /etc/subgid are ${name}'s`)
      : check(
          "host",
          "ids",
          "limited",
          `/etc/subuid or /etc/subgid have no line for ${name}: only one id can be mapped`,
          `usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${name}`,
        ),
  ];
}

function limitChecks(host: Host): readonly Check[] {
  const limits = readText(host, "/proc/self/limits") ?? "";
  const of = (name: string) =>
    new RegExp(`^${name} +(\\S+) +(\\S+)`, "m").exec(limits)?.slice(1, 3).join(" / ") ?? "unknown";
  const read = (name: string) => readText(host, `/proc/sys/${name}`)?.trim() ?? "unknown";
  const pids = Number(read("kernel/pid_max"));
  return [
    pids < 32768
      ? check(
          "host",
          "processes",
          "limited",
          `kernel.pid_max is only ${pids}`,
          "sysctl -w kernel.pid_max=4194304",
        )
      : check(
          "host",
          "processes",
          "ok",
          `kernel.pid_max ${pids}, threads-max ${read("kernel/threads-max")}, RLIMIT_NPROC ${of("Max processes")}`,
        ),
    check(
      "host",
      "open files",
      "ok",
      `RLIMIT_NOFILE ${of("Max open files")}, at most fs.nr_open ${read("fs/nr_open")}`,
    ),
    check("host", "locked memory", "ok", `RLIMIT_MEMLOCK ${of("Max locked memory")}`),
  ];
}

export function hostChecks(host: Host): readonly Check[] {
  return [systemdCheck(host), ...moduleChecks(host), ...idChecks(host), ...limitChecks(host)];
}
