// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { identity } from "../../questions.ts";

/** With a runtime that is called with a umask that is nobody's default. */
const seenWith = (umask: number | undefined, clause: "process.umask" | "process.umask-unset"): Case =>
  act({
    clauses: [clause],
    change: { "/process/user/umask": umask },
    run: async (stage) => {
      const before = process.umask(0o35);
      try {
        const seen = await stage.observe({ identity });
        equal("umask", seen.identity.umask.toString(8), (umask ?? 0o35).toString(8));
      } finally {
        process.umask(before);
      }
    },
  });

export default {
  set: seenWith(0o137, "process.umask"),
  zero: seenWith(0, "process.umask"),
  unset: seenWith(undefined, "process.umask-unset"),
} satisfies Cases;
