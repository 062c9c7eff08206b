// SPDX-License-Identifier: Apache-2.0

import { type Cases, observe } from "../../case.ts";
import { equal } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { mountPoint } from "../../instruments/sources.ts";
import { create, mounts } from "../../questions.ts";

const tmpfs = (...options: readonly string[]) => ({
  destination: "/m",
  type: "tmpfs",
  source: "tmpfs",
  options,
});

export default {
  alone: observe({
    clauses: ["mount-options.defaults"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": tmpfs("defaults") },
    ask: { mounts, created: create("/m/new") },
    expect: (seen) => {
      equal("options of the mount", mountAt(seen.mounts, "/m").options, ["rw", "relatime"]);
      equal("creating a file there", seen.created, { ok: true });
    },
  }),
  // mount(8) reads defaults for nothing: it takes no other option back.
  "with-others": observe({
    clauses: ["mount-options.defaults"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": tmpfs("noexec", "defaults", "nosuid") },
    ask: { mounts },
    expect: (seen) => {
      const { options } = mountAt(seen.mounts, "/m");
      equal("options of the mount", options, ["rw", "nosuid", "noexec", "relatime"]);
    },
  }),
} satisfies Cases;
