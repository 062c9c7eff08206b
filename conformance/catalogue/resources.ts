// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section, should } from "./clause.ts";

export const resources = chapter(
  "Resources",
  section(
    "config-linux.md#memory",
    must(
      "resources.memory-limit",
      "memory.limit is the most bytes of memory that the container can use: memory.max of its cgroup.",
    ),
    must(
      "resources.memory-reservation",
      "memory.reservation is the soft limit of memory use in bytes: memory.low or memory.high of its cgroup.",
    ),
    must(
      "resources.memory-swap",
      "memory.swap is the most bytes of memory and swap together: memory.swap.max of its cgroup is what is left of it above memory.limit.",
    ),
    must("resources.memory-unlimited", "-1 means unlimited memory: max in the cgroup's file."),
    must(
      "resources.memory-kernel",
      "memory.kernel limits the memory that the kernel uses for the container; cgroup v2 has no such limit, so that it is refused.",
    ),
    must(
      "resources.memory-kernel-tcp",
      "memory.kernelTCP limits the kernel's TCP buffers; cgroup v2 has no such limit, so that it is refused.",
    ),
    must(
      "resources.memory-swappiness",
      "memory.swappiness, from 0 to 100, says how readily memory is swapped out; cgroup v2 has no such setting, so that it is refused.",
    ),
    must(
      "resources.memory-disable-oom-killer",
      "memory.disableOOMKiller turns off the OOM killer; cgroup v2 has no such switch, so that true is refused.",
    ),
    must(
      "resources.memory-oom-killer",
      "While the OOM killer is enabled (disableOOMKiller is false or not there), what wants more memory than it may have is killed.",
    ),
    must(
      "resources.memory-use-hierarchy",
      "With memory.useHierarchy child cgroups share the limits of the container's cgroup, as they always do in cgroup v2.",
    ),
    may(
      "resources.memory-check",
      "With memory.checkBeforeUpdate a runtime may look whether a new limit is below what the container uses already.",
      "A runtime that looks and one that leaves it are both right; the next clause is about those that look.",
    ),
    must(
      "resources.memory-check-rejects",
      "With memory.checkBeforeUpdate a new limit that was found to be below the present use is rejected, and the container lives on with its old limit (here with the command update, as engines call it).",
    ),
  ),
  section(
    "config-linux.md#cpu",
    must(
      "resources.cpu-shares",
      "cpu.shares is the container's share of processor time relative to others: cpu.weight of its cgroup grows with it.",
    ),
    must(
      "resources.cpu-quota",
      "cpu.quota is the processor time in microseconds that the container has in each period: the first number in cpu.max of its cgroup; -1 is no limit.",
    ),
    must(
      "resources.cpu-period",
      "cpu.period is the length of a period in microseconds: the second number in cpu.max of its cgroup.",
    ),
    must(
      "resources.cpu-burst",
      "cpu.burst is the processor time in microseconds that can be saved up for use in one period besides quota: cpu.max.burst of its cgroup.",
    ),
    may(
      "resources.cpu-burst-above-quota",
      "A burst larger than a positive quota may be refused.",
      "The spec binds those who write configs; an error and none are both right.",
    ),
    must(
      "resources.cpu-realtime",
      "cpu.realtimeRuntime and realtimePeriod limit the time of realtime scheduling; where the cgroup has no files for it they are refused.",
    ),
    must(
      "resources.cpu-cpus",
      "cpu.cpus lists the processors on which the container runs, single ones and ranges with commas between them: cpuset.cpus of its cgroup.",
    ),
    must(
      "resources.cpu-mems",
      "cpu.mems lists the memory nodes that the container uses, single ones and ranges with commas between them: cpuset.mems of its cgroup.",
    ),
    must(
      "resources.cpu-idle",
      "cpu.idle 1 gives the container the policy SCHED_IDLE as a whole, 0 the usual one: cpu.idle of its cgroup.",
    ),
  ),
  section(
    "config-linux.md#block-io",
    must(
      "resources.block-io-weight",
      "blockIO.weight is the container's weight on all devices without a weight of their own: the default of io.weight or io.bfq.weight of its cgroup grows with it.",
    ),
    must(
      "resources.block-io-leaf-weight",
      "blockIO.leafWeight, and that of weightDevice, is the weight against child cgroups; cgroup v2 has no such weight, so that it is refused.",
    ),
    must(
      "resources.block-io-weight-device",
      "blockIO.weightDevice gives the container a weight on one device, by its major and minor number: a line of io.weight or io.bfq.weight of its cgroup.",
    ),
    must(
      "resources.block-io-weight-device-empty",
      "An entry of blockIO.weightDevice with neither weight nor leafWeight is refused.",
    ),
    must(
      "resources.block-io-throttle-read-bps",
      "blockIO.throttleReadBpsDevice limits the bytes that are read from a device in a second: rbps in io.max of the cgroup.",
    ),
    must(
      "resources.block-io-throttle-write-bps",
      "blockIO.throttleWriteBpsDevice limits the bytes that are written to a device in a second: wbps in io.max of the cgroup.",
    ),
    must(
      "resources.block-io-throttle-read-iops",
      "blockIO.throttleReadIOPSDevice limits the operations of reading from a device in a second: riops in io.max of the cgroup.",
    ),
    must(
      "resources.block-io-throttle-write-iops",
      "blockIO.throttleWriteIOPSDevice limits the operations of writing to a device in a second: wiops in io.max of the cgroup.",
    ),
    must(
      "resources.block-io-required",
      "An entry for a device without major, minor or (of a throttle) rate is refused.",
    ),
  ),
  section(
    "config-linux.md#huge-page-limits",
    must(
      "resources.huge-pages",
      "hugepageLimits limits how many bytes of huge pages of a size the container can reserve: hugetlb.SIZE.rsvd.max of its cgroup, which makes a mapping fail beforehand.",
    ),
    should(
      "resources.huge-pages-fallback",
      "Where the kernel does not count reservations, hugepageLimits limits the use of huge pages: hugetlb.SIZE.max of the cgroup.",
    ),
    must(
      "resources.huge-pages-size",
      "pageSize, like 64KB, 2MB or 1GB, is a size for which the cgroup has files; another one is refused.",
    ),
    must(
      "resources.huge-pages-required",
      "An entry of hugepageLimits without pageSize or without limit is refused.",
    ),
    must(
      "resources.huge-pages-units",
      "The unit in pageSize counts by 1024: KB is 1024 bytes, MB 1048576, GB 1073741824.",
      "The kernel calls its files the same, so that a runtime that only compares names is right, too.",
    ),
  ),
  section(
    "config-linux.md#network",
    must(
      "resources.network-class-id",
      "network.classID tags the container's packets; cgroup v2 has no controller for it, so that it is refused.",
    ),
    must(
      "resources.network-priorities",
      "network.priorities sets the priorities of the container's packets by interface; cgroup v2 has no controller for it, so that they are refused.",
    ),
  ),
  section(
    "config-linux.md#pids",
    must(
      "resources.pids-limit",
      "pids.limit is the most tasks that the container can have: pids.max of its cgroup.",
    ),
    must("resources.pids-unlimited", "pids.limit -1 means no limit: max in pids.max of its cgroup."),
    should("resources.pids-zero", "pids.limit 0 is a limit like any other: 0 in pids.max of its cgroup."),
  ),
  section(
    "config-linux.md#rdma",
    must(
      "resources.rdma",
      "rdma limits by the name of a device its hca_handles (hcaHandles) and hca_objects (hcaObjects), either or both: rdma.max of the cgroup.",
    ),
    must("resources.rdma-device", "A limit for an RDMA device that is not there is an error."),
    must("resources.rdma-empty", "An entry of rdma with neither hcaHandles nor hcaObjects is refused."),
  ),
  section(
    "config-linux.md#unified",
    must(
      "resources.unified",
      "Each key of unified is the name of a file of the container's cgroup, and its value is written there.",
    ),
    must(
      "resources.unified-controllers",
      "The controllers that keys of unified need are enabled for the container's cgroup if they are not yet.",
    ),
    must(
      "resources.unified-unknown",
      "A file that the runtime knows nothing about is written like any other.",
    ),
    must(
      "resources.unified-missing-controller",
      "A key of a controller that is not there or cannot be enabled is an error.",
    ),
    must("resources.unified-missing-file", "A key that is no file of the container's cgroup is an error."),
    must(
      "resources.unified-lines",
      "A value of several lines is several settings, such as io.max for several devices.",
    ),
    may(
      "resources.conversion",
      "For a controller of cgroup v2 a runtime may convert what is configured in terms of cgroup v1.",
      "The other clauses of this chapter look at each such property, and at what cannot be converted.",
    ),
    must(
      "resources.conversion-impossible",
      "A property in terms of cgroup v1 that cannot be converted to cgroup v2 is an error.",
    ),
  ),
  section(
    "config.md#valid-values",
    must(
      "resources.values",
      "A value of resources that is no valid one, or that the kernel turns down, is an error.",
    ),
    must(
      "resources.missing-controller",
      "A limit is an error where the controller that it needs is not there.",
    ),
  ),
);
