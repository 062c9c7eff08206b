// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync } from "node:fs";
import { act, type Cases, type Need, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { limit } from "../../instruments/cgroup-files.ts";
import { cgroup, controller } from "../../needs.ts";

const folder = "/sys/class/infiniband";
const [device = ""] = existsSync(folder) ? readdirSync(folder) : [];
const rdmaDevice: Need = () => (device === "" ? "the host has no RDMA device" : undefined);
const needs = [cgroup, controller("rdma"), rdmaDevice];

const limited = (entry: Readonly<Record<string, number>>, expected: string) =>
  act({
    clauses: ["resources.rdma"],
    needs,
    change: { "/linux/resources": { rdma: { [device]: entry } } },
    run: async (stage) => {
      await stage.begin({});
      const lines = limit(stage.container, "rdma.max").split("\n");
      const line = lines.find((text) => text.startsWith(`${device} `))?.trim();
      equal("the device's line of rdma.max", line, `${device} ${expected}`);
    },
  });

export default {
  both: limited({ hcaHandles: 3, hcaObjects: 10_000 }, "hca_handle=3 hca_object=10000"),
  handles: limited({ hcaHandles: 3 }, "hca_handle=3 hca_object=max"),
  objects: limited({ hcaObjects: 10_000 }, "hca_handle=max hca_object=10000"),
  "device-missing": refuse({
    clauses: ["resources.rdma-device"],
    needs: [cgroup, controller("rdma")],
    change: { "/linux/resources": { rdma: { nonesuch_0: { hcaHandles: 3 } } } },
  }),
  empty: refuse({
    clauses: ["resources.rdma-empty"],
    needs,
    change: { "/linux/resources": { rdma: { [device]: {} } } },
  }),
} satisfies Cases;
