// SPDX-License-Identifier: Apache-2.0

import { act, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { observeOrSkip } from "../../instruments/optional.ts";
import { mountPoint } from "../../instruments/sources.ts";
import { mounts } from "../../questions.ts";

const tmpfs = (...options: readonly string[]) => ({
  destination: "/m",
  type: "tmpfs",
  source: "tmpfs",
  options,
});

// Kernels since 5.15 do nothing of the kind any more, so that a runtime is free to drop mand on the way to them.
export default {
  mand: act({
    clauses: ["mount-options.mand"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": tmpfs("mand") },
    run: async (stage) => {
      const seen = await observeOrSkip(stage, "mand", { mounts });
      equal("type of the mount", mountAt(seen.mounts, "/m").type, "tmpfs");
    },
  }),
  nomand: act({
    clauses: ["mount-options.nomand"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": tmpfs("mand", "nomand") },
    run: async (stage) => {
      const seen = await observeOrSkip(stage, "nomand", { mounts });
      const { superOptions } = mountAt(seen.mounts, "/m");
      equal("whether the file system has mand", superOptions.includes("mand"), false);
    },
  }),
} satisfies Cases;
