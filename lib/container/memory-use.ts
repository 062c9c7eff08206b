// SPDX-License-Identifier: Apache-2.0

import type { Memory } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import { type FileHost, readText } from "./controllers.ts";

/**
 * memory.checkBeforeUpdate: a limit below what is in use would let the kernel kill what uses it. A cgroup that is
 * there already may have use on its books without a process in it.
 * @param folder of the cgroup, which need not be there
 */
export function checkPresentUse(host: FileHost, folder: string, memory: Memory | undefined): void {
  const { limit, checkBeforeUpdate } = memory ?? {};
  if (!checkBeforeUpdate || limit === undefined || limit <= 0) return;
  const used = readText(host, `${folder}/memory.current`);
  if (used !== undefined && BigInt(used.trim()) > BigInt(limit))
    throw new RuntsError("system", {
      pointer: "/linux/resources/memory/limit",
      detail: `the container uses ${used.trim()} bytes, which is more than ${limit}`,
    });
}
