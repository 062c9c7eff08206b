// SPDX-License-Identifier: Apache-2.0

/** Who makes the container's cgroup: `--cgroup-manager`. */

import type { Config } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import { neededControllers } from "../plan/limits.ts";
import { type CgroupPlaces, cgroupPlaces } from "./cgroup-path.ts";
import type { CgroupManager } from "./runtime.ts";

const pointer = "/linux/resources";
const none = "no cgroup is made (--cgroup-manager=disabled)";

/** The container stays in the caller's cgroup, which is not ours to limit. */
const noPlaces: CgroupPlaces = {
  place: (_, { linux }) => {
    const [limit] = neededControllers(linux?.resources ?? {}).values();
    if (limit !== undefined)
      throw new RuntsError("system", { pointer: limit, detail: `${none}, so nothing can be limited` });
    return undefined;
  },
  asAsked: () => undefined,
};

/** How that manager finds a place. Scopes are loaded only when asked for. */
export async function placesOf(manager: CgroupManager): Promise<CgroupPlaces> {
  if (manager === "systemd") return (await import("./scope-place.ts")).scopePlaces;
  return manager === "disabled" ? noPlaces : cgroupPlaces;
}

/** What to warn of: Podman sends device rules with every container, so these are no error as limits are. */
export function unheldRules(manager: CgroupManager, { linux }: Config): string | undefined {
  const rules = linux?.resources?.devices ?? [];
  return manager === "disabled" && rules.length > 0
    ? `${pointer}/devices: ${none}: these rules do not hold`
    : undefined;
}
