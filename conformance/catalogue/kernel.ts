// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section } from "./clause.ts";

export const kernel = chapter(
  "Kernel settings",
  section(
    "config-linux.md#memory-policy",
    must("kernel.memory-policy-mode", "The NUMA memory policy of the process is memoryPolicy.mode."),
    must("kernel.memory-policy-mode-invalid", "A memoryPolicy whose mode is missing or unknown is refused."),
    must(
      "kernel.memory-policy-nodes",
      "The policy holds for the memory nodes that memoryPolicy.nodes lists, single numbers and ranges.",
    ),
    must(
      "kernel.memory-policy-nodes-invalid",
      "memoryPolicy.nodes that is no list of nodes, that names nodes which are not there, or that does not go with the mode is refused.",
    ),
    must("kernel.memory-policy-flags", "The policy has the flags of memoryPolicy.flags."),
    must(
      "kernel.memory-policy-flags-invalid",
      "A flag of memoryPolicy that is unknown, or that does not go with the others or the mode, is refused.",
    ),
  ),
  section(
    "config-linux.md#sysctl",
    must("kernel.sysctl", "Each kernel parameter that sysctl names has its value in the container."),
    must(
      "kernel.sysctl-container",
      "sysctl changes the container's parameters; those of the same name outside of it keep their values.",
    ),
    must("kernel.sysctl-unknown", "A parameter that the kernel does not have is refused."),
    must("kernel.sysctl-value", "A value that the kernel does not take is refused."),
    may(
      "kernel.sysctl-slashes",
      "The parts of a parameter's name may be separated by slashes instead of dots, as for sysctl(8).",
    ),
  ),
  section(
    "config-linux.md#rootfs-mount-propagation",
    must(
      "kernel.propagation-shared",
      "With rootfsPropagation shared the root mount is in a peer group that is new, and so are mounts that are made below it.",
    ),
    must(
      "kernel.propagation-slave",
      "With rootfsPropagation slave mounts made below the rootfs on the host appear in the container, but not the other way round.",
    ),
    must(
      "kernel.propagation-private",
      "With rootfsPropagation private mounts made below the rootfs on the host do not appear in the container, nor the other way round.",
    ),
    must(
      "kernel.propagation-unbindable",
      "With rootfsPropagation unbindable the root mount is private and cannot be bound elsewhere.",
    ),
    must("kernel.propagation-invalid", "Any other word as rootfsPropagation is refused."),
  ),
  section(
    "config-linux.md#mount-label",
    must("kernel.mount-label", "The mounts of the container have the SELinux context mountLabel."),
    must("kernel.mount-label-refused", "A mountLabel is refused where SELinux is off."),
  ),
  section(
    "config-linux.md#personality",
    must("kernel.personality", "The process runs in the execution domain personality.domain."),
    must("kernel.personality-linux32", "In the domain LINUX32 uname names a 32-bit machine."),
    must("kernel.personality-invalid", "A personality whose domain is missing or unknown is refused."),
    must("kernel.personality-flags", "A personality with any flag is refused: none is defined yet."),
  ),
);
