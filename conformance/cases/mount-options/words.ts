// SPDX-License-Identifier: Apache-2.0

/** Options that are not in the table: those of file systems, and those of mount(8). */

import { type Case, type Cases, observe, refuse } from "../../case.ts";
import { contains, equal, present } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { mountPoint } from "../../instruments/sources.ts";
import { mounts, stat } from "../../questions.ts";

const tmpfs = (...options: readonly string[]) => ({
  destination: "/m",
  type: "tmpfs",
  source: "tmpfs",
  options,
});

/** What mount(8) makes of its own words: none reaches the file system. */
const likeMount8 = (words: readonly string[], shown: readonly string[]): Case =>
  observe({
    clauses: ["mount-options.mount8"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": tmpfs(...words) },
    ask: { mounts },
    expect: (seen) => {
      const { options } = mountAt(seen.mounts, "/m");
      equal("options of the mount", options, shown);
    },
  });

export default {
  "file-system": observe({
    clauses: ["mount-options.data"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": tmpfs("size=1m", "nosuid", "mode=711", "nr_inodes=100") },
    ask: { mounts, folder: stat("/m") },
    expect: (seen) => {
      const { superOptions } = mountAt(seen.mounts, "/m");
      for (const word of ["size=1024k", "nr_inodes=100"])
        contains("options of the file system", superOptions, word);
      equal("mode of the mount's root", present("the mount's root", seen.folder).mode, 0o711);
    },
  }),
  // tmpfs has no such option, and says so.
  unknown: refuse({
    clauses: ["mount-options.data", "mounts.failure"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": tmpfs("conformance_nonsense") },
  }),
  fstab: likeMount8(
    ["auto", "noauto", "nofail", "_netdev", "nouser", "x-conformance.note"],
    ["rw", "relatime"],
  ),
  user: likeMount8(["user"], ["rw", "nosuid", "nodev", "noexec", "relatime"]),
  owner: likeMount8(["owner", "exec"], ["rw", "nosuid", "nodev", "relatime"]),
} satisfies Cases;
