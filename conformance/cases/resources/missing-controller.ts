// SPDX-License-Identifier: Apache-2.0

import { type Case, refuse } from "../../case.ts";
import { cgroup, controller, without } from "../../needs.ts";

/** A limit for each controller, of which a tree may lack some. */
const wanted: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  memory: { memory: { limit: 67_108_864 } },
  cpu: { cpu: { quota: 50_000, period: 100_000 } },
  cpuset: { cpu: { cpus: "0" } },
  io: { blockIO: { weight: 300 } },
  pids: { pids: { limit: 100 } },
  hugetlb: { hugepageLimits: [{ pageSize: "2MB", limit: 2_097_152 }] },
  rdma: { rdma: { mlx5_0: { hcaHandles: 3 } } },
};

const refused = (name: string, resources: Readonly<Record<string, unknown>>): Case =>
  refuse({
    clauses: ["resources.missing-controller"],
    needs: [cgroup, without(controller(name), `the controller ${name} is there`)],
    change: { "/linux/resources": resources },
  });

export default Object.fromEntries(
  Object.entries(wanted).flatMap(([name, resources]) => [[name, refused(name, resources)]]),
);
