// SPDX-License-Identifier: Apache-2.0

import { chapter, must, section, should } from "./clause.ts";

export const mounts = chapter(
  "Mounts",
  section(
    "config.md#mounts",
    must("mounts.optional", "A config without mounts is accepted."),
    must(
      "mounts.order",
      "Mounts are made in the order of the list, so that a later one covers what an earlier one has put there.",
    ),
    must("mounts.destination-required", "A mount without a destination is refused."),
    must(
      "mounts.destination",
      "The destination is a path inside the container: no symbolic link and no .. on the way leads out of its root filesystem.",
    ),
    must(
      "mounts.destination-relative",
      "A relative destination is a path from /, whatever the working directories are.",
    ),
    must(
      "mounts.source",
      "The source of a file system that needs none, or of one on a device, is handed to mount(2) as it stands.",
    ),
    must("mounts.source-optional", "A mount may do without a source where its file system can."),
    must("mounts.source-file", "A bind mount may have a file as its source, to be seen as a file."),
    must("mounts.source-absolute", "An absolute source of a bind mount is a path of the host."),
    must(
      "mounts.source-relative",
      "A relative source of a bind mount is looked up from the bundle's directory, wherever the runtime was called.",
    ),
    must("mounts.source-missing", "A bind mount of something that is not there is an error."),
    must("mounts.bind", "A mount is a bind mount when bind or rbind is among its options."),
    must("mounts.options-optional", "A mount may do without options."),
    must("mounts.failure", "A mount that the kernel turns down is an error."),
  ),
  section(
    "config.md#posix-platform-mounts",
    must("mounts.type", "File systems that the kernel knows can be mounted by their names."),
    must("mounts.type-unknown", "A mount of a type that the kernel does not know is an error."),
    must(
      "mounts.type-bind",
      "The type of a bind mount means nothing: none, any other word, or no type at all.",
    ),
    must(
      "mounts.mappings",
      "With uidMappings and gidMappings a file that belongs to a containerID in the source belongs to the hostID of it at the mount, in any number of ranges.",
    ),
    must(
      "mounts.mappings-user-namespace",
      "Mappings of a mount hold in a container with a user namespace, too, where owners then show as that namespace maps them.",
    ),
    should(
      "mounts.mappings-idmapped",
      "Mappings are put into effect by mount_setattr(2) with MOUNT_ATTR_IDMAP: the mount is an idmapped one, and what is stored in the source stays as it is.",
    ),
    must(
      "mounts.mappings-without-option",
      "Mappings of a mount hold when neither idmap nor ridmap is among its options, too.",
    ),
    must(
      "mounts.mappings-together",
      "A mount with uidMappings but without gidMappings, or the reverse, is refused.",
    ),
    must("mounts.mappings-empty", "Empty lists of mappings are as good as none."),
  ),
);
