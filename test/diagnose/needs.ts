// SPDX-License-Identifier: Apache-2.0

import { existsSync, readFileSync } from "node:fs";
import { cgroupMount } from "../native/leaks.ts";
import type { Broken } from "./broken.ts";

const read = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");

/** Why this host does not let it come to that failure; undefined when it does. */
export function lacking(need: Broken["needs"]): string | undefined {
  switch (need) {
    case "AppArmor off":
      return read("/sys/module/apparmor/parameters/enabled").startsWith("Y")
        ? "AppArmor is on here"
        : undefined;
    case "SELinux off":
      return existsSync("/sys/fs/selinux/enforce") ? "SELinux is on here" : undefined;
    case "no memory controller":
      return read(`${cgroupMount}/cgroup.controllers`).includes("memory")
        ? "the memory controller is there"
        : undefined;
    case undefined:
      return undefined;
  }
}
