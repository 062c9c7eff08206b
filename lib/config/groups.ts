// SPDX-License-Identifier: Apache-2.0

import { keepOriginalGroups } from "../tables/annotations.ts";
import type { Config } from "./types.ts";

/** Whether the process stays in the groups of the runtime's caller, so that files shared by a group are in reach. */
export function keepsGroups({ annotations }: Config): boolean {
  return (annotations?.[keepOriginalGroups] ?? "0") !== "0";
}
