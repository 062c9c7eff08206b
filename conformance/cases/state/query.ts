// SPDX-License-Identifier: Apache-2.0

import { act, type Cases } from "../../case.ts";
import { bringTo, expectError } from "../../instruments/life.ts";

export default {
  "without-id": act({
    clauses: ["state.needs-id"],
    run: async (stage) => {
      await bringTo("created", stage); // the only one there is, and yet not meant
      expectError("state without an ID", await stage.runtime.call(["state"]), "which container?");
    },
  }),

  unknown: act({
    clauses: ["state.unknown-id"],
    run: async (stage) => {
      await bringTo("created", stage);
      expectError(
        "state of another container",
        await stage.another().try("state"),
        "there is none of this ID",
      );
      // Nor is the beginning of an ID an ID.
      const part = stage.container.id.slice(0, -1);
      expectError(`state of ${part}`, await stage.runtime.call(["state", part]), "there is none of this ID");
    },
  }),

  deleted: act({
    clauses: ["state.unknown-id"],
    run: async (stage) => {
      await stage.observe({});
      expectError("state after delete", await stage.container.try("state"), "the container has been deleted");
    },
  }),
} satisfies Cases;
