// SPDX-License-Identifier: Apache-2.0

/** What this host can do for containers, and for one bundle. Changes nothing. */

import type { Host } from "../../host.ts";
import type { CgroupManager } from "../runtime.ts";
import { bundleChecks } from "./bundle.ts";
import { cgroupChecks } from "./cgroups.ts";
import type { Check } from "./check.ts";
import { kernelChecks, namespaceChecks } from "./kernel.ts";
import { hostChecks } from "./surroundings.ts";

export type { Check } from "./check.ts";

export async function doctor(
  host: Host,
  bundle: string | undefined,
  manager: CgroupManager,
): Promise<readonly Check[]> {
  return [
    ...kernelChecks(host),
    ...namespaceChecks(host),
    ...cgroupChecks(host),
    ...hostChecks(host),
    ...(bundle === undefined ? [] : await bundleChecks(host, bundle, manager)),
  ];
}

/** Whether something would be refused: with a bundle, something in it. */
export function refuses(checks: readonly Check[], bundle: string | undefined): boolean {
  return checks.some(
    ({ state, group }) => state === "refused" && (bundle === undefined || group === "bundle"),
  );
}
