// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section, should } from "./clause.ts";

export const features = chapter(
  "Features",
  section(
    "features.md#features-structure",
    may(
      "features.provided",
      "A runtime may describe its features as a JSON object; here with the command features, as engines ask for it. All other clauses of this chapter hold for runtimes that do.",
    ),
    should(
      "features.static",
      "What the features structure says is fixed when the runtime is built, and does not depend on where or how it is run.",
    ),
    may(
      "features.absent",
      "All properties but ociVersionMin and ociVersionMax may be missing or null, which says nothing about the feature.",
      "A structure with all of them is right, too; the case for features.properties takes both.",
    ),
    must(
      "features.null",
      "null is not the same as 0, false, an empty string, list or object.",
      "It binds those who read the structure.",
    ),
    must(
      "features.properties",
      "Every property that is neither missing nor null has the type that is described for it.",
    ),
  ),
  section(
    "features.md#specification-version",
    must(
      "features.version-min",
      "ociVersionMin is there: the lowest version of the spec that is recognized.",
    ),
    must("features.version-min-accepted", "A config whose ociVersion is ociVersionMin is accepted."),
    must(
      "features.version-max",
      "ociVersionMax is there: the highest version of the spec that is recognized.",
    ),
    must("features.version-max-accepted", "A config whose ociVersion is ociVersionMax is accepted."),
    must("features.version-order", "ociVersionMax is not lower than ociVersionMin."),
    must(
      "features.known-properties",
      "There are no properties that the spec of version ociVersionMax does not define.",
    ),
  ),
  section(
    "features.md#hooks",
    must("features.hooks", "Hooks of every kind that hooks lists are supported in a config."),
  ),
  section(
    "features.md#mount-options",
    must(
      "features.mount-options",
      "Every option that mountOptions lists is recognized among the options of a mount, whether or not this host can do it.",
    ),
    should(
      "features.mount-options-data",
      "mountOptions holds no options that only one filesystem knows, and that mount(2) takes as data.",
    ),
  ),
  section(
    "features.md#platform-specific-features",
    may(
      "features.linux",
      "linux may be there if the runtime supports Linux.",
      "A structure without it is right, too; each of its properties has clauses of its own.",
    ),
  ),
  section(
    "features.md#annotations",
    must("features.annotations", "annotations is an object of strings whose keys are not empty."),
  ),
  section(
    "features.md#unsafe-annotations-in-configjson",
    must(
      "features.unsafe-annotations",
      "potentiallyUnsafeConfigAnnotations is a list of keys of annotations, or of beginnings of keys that end in a dot.",
    ),
  ),
  section(
    "features-linux.md#namespaces",
    must(
      "features.namespaces",
      "Every type that linux.namespaces lists is recognized among the config's namespaces.",
    ),
  ),
  section(
    "features-linux.md#capabilities",
    must(
      "features.capabilities",
      "Every name that linux.capabilities lists is recognized in the config's process.capabilities.",
    ),
  ),
  section(
    "features-linux.md#cgroup",
    must(
      "features.cgroup-v1",
      "linux.cgroup.v1 tells whether cgroup v1 is supported.",
      "The suite is for cgroup v2.",
    ),
    must("features.cgroup-v2", "linux.cgroup.v2 tells whether cgroup v2 is supported."),
    must(
      "features.cgroup-systemd",
      "linux.cgroup.systemd and systemdUser tell whether systemd can manage the cgroups.",
      "How a runtime is told to use systemd is no matter of the spec.",
    ),
    must("features.cgroup-rdma", "linux.cgroup.rdma tells whether the RDMA controller is supported."),
  ),
  section(
    "features-linux.md#seccomp",
    must("features.seccomp-enabled", "linux.seccomp.enabled tells whether seccomp is supported."),
    must(
      "features.seccomp-actions",
      "Every name that linux.seccomp.actions lists is recognized as an action in the config.",
    ),
    must(
      "features.seccomp-operators",
      "Every name that linux.seccomp.operators lists is recognized as an operator in the config.",
    ),
    must(
      "features.seccomp-archs",
      "Every name that linux.seccomp.archs lists is recognized among the config's architectures.",
    ),
    must(
      "features.seccomp-known-flags",
      "Every name that linux.seccomp.knownFlags lists is recognized among the config's flags.",
    ),
    must(
      "features.seccomp-supported-flags",
      "Every name that linux.seccomp.supportedFlags lists is recognized among the config's flags and works here.",
    ),
  ),
  section(
    "features-linux.md#apparmor",
    must("features.apparmor", "linux.apparmor.enabled tells whether AppArmor is supported."),
  ),
  section(
    "features-linux.md#selinux",
    must("features.selinux", "linux.selinux.enabled tells whether SELinux is supported."),
  ),
  section(
    "features-linux.md#memorypolicy",
    must(
      "features.memory-policy-modes",
      "Every name that linux.memoryPolicy.modes lists is recognized as the mode of the config's memoryPolicy.",
    ),
    must(
      "features.memory-policy-flags",
      "Every name that linux.memoryPolicy.flags lists is recognized among the flags of the config's memoryPolicy.",
    ),
  ),
  section(
    "features-linux.md#intel-rdt",
    must("features.intel-rdt", "linux.intelRdt.enabled tells whether Intel RDT is supported."),
    must("features.intel-rdt-schemata", "linux.intelRdt.schemata tells whether schemata is supported."),
    must(
      "features.intel-rdt-monitoring",
      "linux.intelRdt.monitoring tells whether enableMonitoring is supported.",
    ),
  ),
  section(
    "features-linux.md#mountextensions",
    must(
      "features.idmap",
      "linux.mountExtensions.idmap.enabled is true if and only if the id mappings of mounts are recognized, if only in part.",
    ),
  ),
  section(
    "features-linux.md#netdevices",
    must(
      "features.net-devices",
      "linux.netDevices.enabled tells whether network devices can be moved into containers.",
    ),
  ),
);
