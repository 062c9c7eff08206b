// SPDX-License-Identifier: Apache-2.0

import { type Cases, observe } from "../../case.ts";
import { equal } from "../../expect.ts";
import { identity, names } from "../../questions.ts";

export default {
  /** Of unknown properties the spec says in so many words that they may be warned of, and nothing else. */
  "unknown-property": observe({
    clauses: ["lifecycle.warning-continues", "config.unknown-properties"],
    change: {
      "/noSuchProperty": { at: "the top" },
      "/process/noSuchProperty": true,
      "/linux/noSuchProperty": ["in linux"],
      "/hostname": "after-a-warning",
      "/process/cwd": "/tmp",
    },
    ask: { names, identity },
    expect: (seen) => {
      equal("host name", seen.names.hostname, "after-a-warning");
      equal("folder of the program", seen.identity.directory, "/tmp");
    },
  }),
} satisfies Cases;
