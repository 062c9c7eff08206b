// SPDX-License-Identifier: Apache-2.0

import { act, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { bringTo, rawState, stop } from "../../instruments/life.ts";

export default {
  /** Each operation is a process of its own; what it needs to know it finds itself. */
  operations: act({
    clauses: ["lifecycle.scope", "lifecycle.operations"],
    run: async (stage) => {
      const { container } = stage;
      await bringTo("created", stage);
      equal("status after create", (await rawState(container)).status, "created");
      await container.start();
      equal("status after start", (await rawState(container)).status, "running");
      await stop(container);
      await container.delete();
    },
  }),

  /** Neither does one get in the way of another. */
  two: act({
    clauses: ["lifecycle.scope", "lifecycle.create"],
    run: async (stage) => {
      const other = stage.another();
      await bringTo("running", stage);
      await bringTo("running", stage, other);
      await stop(stage.container);
      await stage.container.delete();
      equal("status of the other container", (await rawState(other)).status, "running");
    },
  }),
} satisfies Cases;
