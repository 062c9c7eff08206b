// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section, should } from "./clause.ts";

export const cgroups = chapter(
  "Cgroups",
  section(
    "config-linux.md#control-groups",
    may(
      "cgroups.fitness",
      "An operation may check whether the cgroup is fit: not frozen, and for create without processes.",
    ),
    must("cgroups.fitness-error", "A check of the cgroup that fails is an error of the operation."),
  ),
  section(
    "config-linux.md#cgroups-path",
    must(
      "cgroups.path-absolute",
      "A cgroupsPath that begins with / counts from the mount point of the cgroup tree.",
    ),
    may(
      "cgroups.path-relative",
      "A cgroupsPath that does not begin with / may count from a place that the runtime chooses.",
    ),
    must("cgroups.path-consistent", "The same cgroupsPath leads to the same cgroup each time."),
    may("cgroups.path-default", "Without cgroupsPath the runtime may choose the cgroup."),
    may("cgroups.path-invalid", "The runtime may consider values of cgroupsPath invalid."),
    must("cgroups.path-invalid-error", "A cgroupsPath that the runtime considers invalid is an error."),
    must("cgroups.created", "Cgroups on the path that do not exist are made."),
    must("cgroups.existing", "A cgroup that exists is used as it is: without resources its settings stay."),
    may(
      "cgroups.additional-controllers",
      "The container may be under more controllers than resources needs.",
      "It frees the runtime; and in cgroup v2 a parent decides on controllers for all of its children.",
    ),
  ),
  section(
    "config-linux.md#cgroup-ownership",
    may(
      "cgroups.owner",
      "The owner of the container's cgroup may become the host's user that process.user.uid is mapped to.",
    ),
    should(
      "cgroups.owner-v1",
      "The owner does not change with cgroup v1.",
      "The suite is for cgroup v2, the only tree it mounts.",
    ),
    should(
      "cgroups.owner-namespace",
      "The owner does not change unless the container gets a new cgroup namespace.",
    ),
    should(
      "cgroups.owner-writable",
      "The owner changes when mounts has a cgroup file system (source cgroup) at /sys/fs/cgroup without the option ro.",
    ),
    should(
      "cgroups.owner-unchanged",
      "Without such a mount, and when it is read-only or has another source or destination, the owner does not change.",
    ),
    should(
      "cgroups.owner-files",
      "Besides the folder, the owner changes of those files in it that /sys/kernel/cgroup/delegate lists.",
    ),
    must("cgroups.owner-missing", "Files of that list that the cgroup does not have are no reason to fail."),
    must(
      "cgroups.owner-fallback",
      "If the kernel has no such list, it is cgroup.procs, cgroup.subtree_control and cgroup.threads.",
    ),
    should("cgroups.owner-others", "The owner of all other files of the cgroup does not change."),
  ),
  section(
    "config-linux.md#allowed-device-list",
    must(
      "cgroups.devices-order",
      "The entries of resources.devices are applied in their order: the last one that fits decides.",
    ),
    must(
      "cgroups.devices-allow",
      "allow says whether the access that an entry describes is allowed or denied.",
    ),
    must("cgroups.devices-type", "type is c for character devices, b for block devices and a for both."),
    must("cgroups.devices-type-unset", "An entry without a type is for both, like a."),
    must("cgroups.devices-numbers", "major and minor limit an entry to devices with these numbers."),
    must(
      "cgroups.devices-numbers-unset",
      "An entry without major is for all major numbers, one without minor for all minor numbers.",
    ),
    must(
      "cgroups.devices-access",
      "access is made of r for reading, w for writing and m for making nodes; the entry is for these alone.",
    ),
    must(
      "cgroups.devices-valid",
      "An entry with another type, another letter in access, or without allow is an error.",
    ),
  ),
);
