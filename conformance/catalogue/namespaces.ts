// SPDX-License-Identifier: Apache-2.0

import { chapter, must, section, should } from "./clause.ts";

export const namespaces = chapter(
  "Namespaces",
  section(
    "config-linux.md#default-filesystems",
    should("namespaces.default-proc", "Each container has a proc file system at /proc."),
    should("namespaces.default-sysfs", "Each container has a sysfs at /sys."),
    should("namespaces.default-devpts", "Each container has a devpts at /dev/pts."),
    should("namespaces.default-shm", "Each container has a tmpfs at /dev/shm."),
  ),
  section(
    "config-linux.md#namespaces",
    should(
      "namespaces.pid",
      "The type pid is supported: inside, only processes of the container or of its PID namespace can be seen.",
    ),
    should(
      "namespaces.network",
      "The type network is supported: the container has network interfaces, addresses and ports of its own.",
    ),
    should(
      "namespaces.mount",
      "The type mount is supported: mounts of the container and of the host stay apart.",
    ),
    should(
      "namespaces.ipc",
      "The type ipc is supported: System V and POSIX message queues, semaphores and shared memory are the container's own.",
    ),
    should("namespaces.uts", "The type uts is supported: host name and domain name are the container's own."),
    should(
      "namespaces.user",
      "The type user is supported: user and group ids of the container differ from the host's.",
    ),
    should(
      "namespaces.cgroup",
      "The type cgroup is supported: the container sees its own cgroup as the root of the tree.",
    ),
    should("namespaces.time", "The type time is supported: the container can have clocks of its own."),
    must(
      "namespaces.type-valid",
      "A namespace entry without a type, or with a type that does not exist, is an error.",
    ),
    must("namespaces.path-absolute", "A path that is not absolute is an error."),
    must(
      "namespaces.path-resolves",
      "The path is looked up in the runtime's mount namespace, wherever the container's root file system is.",
    ),
    must("namespaces.path", "With a path, the container process is in the namespace that is found there."),
    must(
      "namespaces.path-type",
      "A path at which there is no namespace of the entry's type (one of another type, another kind of file, nothing) is an error.",
    ),
    must("namespaces.new", "Without a path, the container gets a new namespace of the type."),
    must(
      "namespaces.inherit",
      "The container stays in the runtime's namespace of each type that the list does not name.",
    ),
    must("namespaces.duplicates", "Two entries with the same type are an error."),
  ),
  section(
    "config-linux.md#offset-for-time-namespace",
    must("namespaces.time-offset-monotonic", "timeOffsets.monotonic shifts the container's CLOCK_MONOTONIC."),
    must("namespaces.time-offset-boottime", "timeOffsets.boottime shifts the container's CLOCK_BOOTTIME."),
    must("namespaces.time-offset-secs", "secs is the shift in seconds; it may be negative."),
    must("namespaces.time-offset-nanosecs", "nanosecs is a further shift in nanoseconds."),
    must(
      "namespaces.time-offset-inapplicable",
      "Offsets that cannot be applied are an error: outside the range of the kernel, or without a new time namespace.",
    ),
  ),
);
