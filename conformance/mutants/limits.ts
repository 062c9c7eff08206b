// SPDX-License-Identifier: Apache-2.0

/** Limits that are forgotten, one at a time, or understood otherwise. */

import type { ClauseId } from "../catalogue/index.ts";
import type { Linux } from "./config.ts";
import { inConfig } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

type Resources = NonNullable<Linux["resources"]>;

const inResources = (change: (resources: Resources) => unknown): Fault =>
  inConfig(({ linux }) => linux?.resources && change(linux.resources));

/** A property of one controller is forgotten; with it the controller where that was all. */
const dropping = (controller: string, property: string): Fault =>
  inResources((resources) => {
    const settings = resources[controller];
    delete settings?.[property];
    if (settings && Object.keys(settings).length === 0) delete resources[controller];
  });

/** Properties of resources, and the clauses by which it is noticed that one has no effect. */
const properties: Readonly<Record<string, readonly [ClauseId, ...ClauseId[]]>> = {
  "memory.limit": ["resources.memory-limit", "resources.missing-controller"],
  "memory.reservation": ["resources.memory-reservation"],
  "memory.swap": ["resources.memory-swap"],
  "cpu.shares": ["resources.cpu-shares"],
  "cpu.quota": ["resources.cpu-quota"],
  "cpu.period": ["resources.cpu-period"],
  "cpu.burst": ["resources.cpu-burst"],
  "cpu.idle": ["resources.cpu-idle"],
  "cpu.cpus": ["resources.cpu-cpus"],
  "cpu.mems": ["resources.cpu-mems"],
  "pids.limit": ["resources.pids-limit"],
  "blockIO.weight": ["resources.block-io-weight"],
  "blockIO.weightDevice": ["resources.block-io-weight-device"],
  "blockIO.throttleReadBpsDevice": ["resources.block-io-throttle-read-bps"],
  "blockIO.throttleWriteBpsDevice": ["resources.block-io-throttle-write-bps"],
  "blockIO.throttleReadIOPSDevice": ["resources.block-io-throttle-read-iops"],
  "blockIO.throttleWriteIOPSDevice": ["resources.block-io-throttle-write-iops"],
};

const ignored: readonly Mutant[] = Object.entries(properties).map(([path, breaks]) => {
  const [controller = "", property = ""] = path.split(".");
  return {
    name: `${path.replace(".", "-").toLowerCase()}-ignored`,
    about: `${path} has no effect, nor is it an error where there is no controller.`,
    breaks,
    fault: dropping(controller, property),
  };
});

export const limits: readonly Mutant[] = [
  ...ignored,
  {
    name: "huge-page-limits-ignored",
    about: "hugepageLimits has no effect.",
    breaks: ["resources.huge-pages"],
    fault: inResources((resources) => delete resources.hugepageLimits),
  },
  {
    name: "rdma-ignored",
    about: "rdma has no effect.",
    breaks: ["resources.rdma", "resources.rdma-device"],
    fault: inResources((resources) => delete resources.rdma),
  },
  {
    name: "memory-swap-alone",
    about: "memory.swap is taken for the limit of swap alone, as cgroup v2 has it, not of both together.",
    breaks: ["resources.memory-swap"],
    fault: inResources(({ memory }) => {
      if (memory?.swap && memory.limit) memory.swap = Number(memory.swap) + Number(memory.limit);
    }),
  },
  {
    name: "pids-zero-unlimited",
    about: "A pids.limit of 0 means none, as it did before version 1.3.",
    breaks: ["resources.pids-zero"],
    fault: inResources(({ pids }) => {
      if (pids?.limit === 0) pids.limit = -1;
    }),
  },
  {
    name: "unified-ignored",
    about: "unified has no effect.",
    breaks: ["resources.unified"],
    fault: inResources((resources) => delete resources.unified),
  },
  {
    name: "unknown-unified-skipped",
    about: "Files of unified that the cgroup does not have are passed over.",
    breaks: ["resources.unified-missing-file", "resources.unified-missing-controller"],
    fault: inResources((resources) => {
      for (const name of Object.keys(resources.unified ?? {})) {
        if (!/^cgroup\./.test(name)) delete resources.unified?.[name];
      }
    }),
  },
];
