// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { blockIoSteps, hugePageSteps, ioWeight, rdmaSteps } from "./device-limits.ts";
import type { Step } from "./step.ts";

const written = (steps: readonly Step[]) =>
  steps.flatMap((step) =>
    step.op === "writeCgroup"
      ? [`${step.file}: ${step.value}`]
      : step.op === "writeCgroupEither"
        ? [step.files.map((file, i) => `${file}: ${step.values[i]}`).join(" or ")]
        : [],
  );

test("weights go from 10 to 1000, io.weight from 1 to 10000", () => {
  assert.equal([10, 100, 500, 1000].map(ioWeight), [1, 910, 4950, 10000]);
});

test("weights of all devices and of one, for BFQ where it is there", () => {
  const weightDevice = [
    { major: 8, minor: 0, weight: 10 },
    { major: 8, minor: 16, weight: 0 },
  ];
  assert.equal(written(blockIoSteps({ weight: 1000, weightDevice })), [
    "io.bfq.weight: 1000 or io.weight: default 10000",
    "io.bfq.weight: 8:0 10 or io.weight: 8:0 1",
  ]);
});

test("each rate is a line of io.max, exact to 64 bits; 0 is none", () => {
  const rate = 18446744073709551615n;
  assert.equal(
    written(
      blockIoSteps({
        throttleReadBpsDevice: [{ major: 8, minor: 0, rate }],
        throttleWriteIOPSDevice: [{ major: 8, minor: 16, rate: 0 }],
      }),
    ),
    ["io.max: 8:0 rbps=18446744073709551615", "io.max: 8:16 wiops=max"],
  );
});

test("huge pages by reservation where the kernel counts it", () => {
  assert.equal(written(hugePageSteps([{ pageSize: "2MB", limit: 4194304 }])), [
    "hugetlb.2MB.rsvd.max: 4194304 or hugetlb.2MB.max: 4194304",
  ]);
});

test("rdma: what is not given is not named", () => {
  assert.equal(written(rdmaSteps({ mlx5_1: { hcaHandles: 3 }, mlx4_0: { hcaHandles: 0, hcaObjects: 7 } })), [
    "rdma.max: mlx5_1 hca_handle=3",
    "rdma.max: mlx4_0 hca_handle=0 hca_object=7",
  ]);
});

test.run();
