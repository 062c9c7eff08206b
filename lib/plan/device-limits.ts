// SPDX-License-Identifier: Apache-2.0

import type { BlockIO, HugepageLimit, Rdma } from "../config/types.ts";
import { escapeToken } from "../json.ts";
import type { Step } from "./step.ts";

const pointer = "/linux/resources";

/** Writes the first value whose file this kernel has. */
function either(from: string, choices: readonly (readonly [file: string, value: string])[]): Step {
  return {
    op: "writeCgroupEither",
    from: pointer + from,
    files: choices.map(([file]) => file),
    values: choices.map(([, value]) => value),
  };
}

/** The spec's weight (10 to 1000), which BFQ has as it is, as io.weight's (1 to 10000); as runc and crun do. */
export function ioWeight(weight: number): number {
  return Math.trunc(1 + ((weight - 10) * 9999) / 990);
}

function weightStep(from: string, device: string, weight: number): Step {
  return either(from, [
    ["io.bfq.weight", `${device}${weight}`],
    ["io.weight", `${device || "default "}${ioWeight(weight)}`],
  ]);
}

const throttles = [
  ["throttleReadBpsDevice", "rbps"],
  ["throttleWriteBpsDevice", "wbps"],
  ["throttleReadIOPSDevice", "riops"],
  ["throttleWriteIOPSDevice", "wiops"],
] as const;

/** config-linux.md#block-io; a weight of 0 is what engines send for none. */
export function blockIoSteps(blockIO: BlockIO): readonly Step[] {
  const steps: Step[] = [];
  if (blockIO.weight) steps.push(weightStep("/blockIO/weight", "", blockIO.weight));
  for (const [i, { major, minor, weight }] of (blockIO.weightDevice ?? []).entries())
    if (weight) steps.push(weightStep(`/blockIO/weightDevice/${i}/weight`, `${major}:${minor} `, weight));
  for (const [list, key] of throttles)
    for (const [i, { major, minor, rate }] of (blockIO[list] ?? []).entries())
      steps.push({
        op: "writeCgroup",
        from: `${pointer}/blockIO/${list}/${i}`,
        file: "io.max",
        value: `${major}:${minor} ${key}=${rate === 0 ? "max" : rate}`,
      });
  return steps;
}

/** config-linux.md#huge-page-limits: of what is reserved, where the kernel (5.7) counts that, else of what is used. */
export function hugePageSteps(limits: readonly HugepageLimit[]): readonly Step[] {
  return limits.map(({ pageSize, limit }, i) =>
    either(`/hugepageLimits/${i}`, [
      [`hugetlb.${pageSize}.rsvd.max`, `${limit}`],
      [`hugetlb.${pageSize}.max`, `${limit}`],
    ]),
  );
}

/** config-linux.md#rdma: what is not given is not limited. */
export function rdmaSteps(rdma: Readonly<Record<string, Rdma>>): readonly Step[] {
  return Object.entries(rdma).map(([device, { hcaHandles, hcaObjects }]) => {
    const handles = hcaHandles === undefined ? "" : ` hca_handle=${hcaHandles}`;
    const objects = hcaObjects === undefined ? "" : ` hca_object=${hcaObjects}`;
    return {
      op: "writeCgroup",
      from: `${pointer}/rdma/${escapeToken(device)}`,
      file: "rdma.max",
      value: `${device}${handles}${objects}`,
    };
  });
}
