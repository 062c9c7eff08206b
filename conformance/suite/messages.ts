// SPDX-License-Identifier: Apache-2.0

/** What the suite and its workers tell each other, one line of JSON each. */

import * as v from "valibot";

export const order = v.variant("do", [
  v.object({ do: v.literal("judge"), name: v.string() }),
  /** a line of the warden about an orphan that ended */
  v.object({ do: v.literal("reaped"), line: v.string() }),
]);
export type Order = v.InferOutput<typeof order>;

export const workOrder = v.object({
  runtime: v.string(),
  /** of this worker; it mounts a tmpfs there that goes away with it */
  folder: v.string(),
  /** for bundles of failed cases */
  keep: v.string(),
  probe: v.string(),
  warden: v.string(),
  /** name of the worker's own cgroup */
  cgroup: v.string(),
  seconds: v.number(),
});
export type WorkOrder = v.InferOutput<typeof workOrder>;

/** Lines as they come in; the rest of an unfinished one waits. */
export function lineReader(onLine: (line: string) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.filter((line) => line !== "").forEach(onLine);
  };
}
