// SPDX-License-Identifier: Apache-2.0

import { type Cases, observe } from "../../case.ts";
import { equal, present } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { mountPoint } from "../../instruments/sources.ts";
import { lstat, mounts } from "../../questions.ts";

export default {
  "no-mounts": observe({
    clauses: ["mounts.optional"],
    change: { "/mounts": undefined },
    ask: { probe: lstat("/probe") },
    expect: (seen) => void present("a file of the root filesystem", seen.probe),
  }),
  "no-options": observe({
    clauses: ["mounts.options-optional"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": { destination: "/m", type: "tmpfs", source: "tmpfs" } },
    ask: { mounts },
    expect: (seen) => {
      const { type, options } = mountAt(seen.mounts, "/m");
      equal("type and options of the mount", [type, options], ["tmpfs", ["rw", "relatime"]]);
    },
  }),
} satisfies Cases;
