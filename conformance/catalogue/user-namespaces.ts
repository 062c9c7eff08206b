// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section, should } from "./clause.ts";

export const userNamespaces = chapter(
  "User namespace mappings",
  section(
    "config-linux.md#user-namespace-mappings",
    must(
      "user-namespaces.uid-mappings",
      "uidMappings are the user ids of the container's user namespace: each entry maps size ids from containerID on to those from hostID on.",
    ),
    must("user-namespaces.gid-mappings", "gidMappings are the same for group ids."),
    must(
      "user-namespaces.several-entries",
      "All entries of a list of mappings are applied, not only the first one.",
    ),
    must(
      "user-namespaces.process-ids",
      "process.user counts in ids of the container; on the host the process has the ids that they are mapped to.",
    ),
    should(
      "user-namespaces.spares-ownership",
      "The owners of files in the root file system and in bind mounts are not changed for the sake of the mapping.",
    ),
    may(
      "user-namespaces.entries-limited",
      "The kernel may limit the number of entries: 340 since Linux 4.15.",
    ),
    must(
      "user-namespaces.inapplicable",
      "Mappings that cannot be applied (too many entries, overlapping ones, no user namespace to apply them to) are an error.",
    ),
  ),
);
