// SPDX-License-Identifier: Apache-2.0

import type { Config, Mount } from "../../config/types.ts";
import { absolutePath } from "../../path.ts";
import { mountOptions } from "../../tables/mount-options.ts";
import type { Advice } from "../finding.ts";

const destinationOf = ({ destination }: Mount): string => absolutePath("/", destination);

/** Changes a mount that is there, and puts nothing over anything. */
function changesOnly({ options = [], type }: Mount): boolean {
  const kinds = options.map((name) => mountOptions[name]?.kind);
  return (
    kinds.includes("remount") || (!type && kinds.length > 0 && kinds.every((kind) => kind === "propagation"))
  );
}

export const isBelow = (path: string, above: string): boolean =>
  path === above || path.startsWith(above === "/" ? "/" : `${above}/`);

/** Mounts are made in their order: a later one over a folder takes all mounts below that folder out of sight. */
export function hiddenAdvice({ mounts = [] }: Config): readonly Advice[] {
  const advice: Advice[] = [];
  for (const [i, mount] of mounts.entries()) {
    if (changesOnly(mount)) continue;
    const path = destinationOf(mount);
    const later = mounts.findIndex(
      (other, at) => at > i && !changesOnly(other) && isBelow(path, destinationOf(other)),
    );
    const cover = mounts[later];
    if (!cover) continue;
    const same = destinationOf(cover) === path;
    advice.push({
      rule: "hidden-mount",
      pointer: `/mounts/${i}/destination`,
      message: `nobody will see this mount: /mounts/${later} is mounted over ${destinationOf(cover)} later`,
      mend: same ? "take one of the two out" : `move it behind /mounts/${later}`,
    });
  }
  return advice;
}

/** Masked paths come after all mounts. */
export function maskedAdvice({ mounts = [], linux }: Config): readonly Advice[] {
  const advice: Advice[] = [];
  for (const [i, mount] of mounts.entries()) {
    const path = destinationOf(mount);
    const at = linux?.maskedPaths?.findIndex((masked) => isBelow(path, absolutePath("/", masked))) ?? -1;
    if (at >= 0)
      advice.push({
        rule: "masked-mount",
        pointer: `/mounts/${i}/destination`,
        message: `nobody will see this mount: /linux/maskedPaths/${at} hides ${linux?.maskedPaths?.[at]}`,
        mend: "take the masked path or the mount out",
        spec: "config-linux.md#masked-paths",
      });
  }
  return advice;
}
