// SPDX-License-Identifier: Apache-2.0

/** AppArmor and SELinux as this host has them; looked at only for a config that asks for one. */

import type { Config } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";

type Files = Pick<Host, "kind" | "readFile" | "decode">;

const read = (host: Files, path: string): string => host.decode(host.readFile(path, 4096)).trim();

export function apparmorEnabled(host: Files): boolean {
  const path = "/sys/module/apparmor/parameters/enabled";
  return host.kind(path) !== "missing" && read(host, path) === "Y";
}

/** As libselinux tells it: by a mounted selinuxfs. */
export function selinuxEnabled(host: Files): boolean {
  return host.kind("/sys/fs/selinux/enforce") !== "missing";
}

/**
 * Refuses what no module of this host could enforce: a container that runs without its confinement would be
 * worse than none. Engines leave the fields empty on such hosts.
 */
export function checkLabels(host: Files, { process, linux }: Config): void {
  const refuse = (pointer: string, label: string, module: string) => {
    const detail = `${module} is not enabled on this host: ${JSON.stringify(label)} has nobody to enforce it`;
    throw new RuntsError("system", { pointer, detail });
  };
  const { apparmorProfile, selinuxLabel } = process ?? {};
  if (apparmorProfile && !apparmorEnabled(host))
    refuse("/process/apparmorProfile", apparmorProfile, "AppArmor");
  if (selinuxLabel && !selinuxEnabled(host)) refuse("/process/selinuxLabel", selinuxLabel, "SELinux");
  const mountLabel = linux?.mountLabel;
  if (mountLabel && !selinuxEnabled(host)) refuse("/linux/mountLabel", mountLabel, "SELinux");
}

/** Whether we are under a profile ourselves, as in a container of another runtime. */
export function apparmorConfined(host: Files, { process }: Config): boolean {
  const path = "/proc/self/attr/apparmor/current";
  if (!process?.apparmorProfile || host.kind(path) === "missing") return false;
  return !/^unconfined( |$)/.test(read(host, path));
}
