// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases, refuse } from "../../case.ts";
import { contains, equal, holds } from "../../expect.ts";
import { hook, type Kind, kinds, logged, operationOf, withHooks, writers } from "../../instruments/hooks.ts";
import { pause, say, sleep } from "../../questions.ts";
import { ending } from "../../stage/runtime.ts";

const hour = 3_600_000;

/** A hook that was aborted has failed; after delete that changes nothing, before it the operation fails. */
const tooLong = (kind: Kind): Case =>
  act({
    clauses: ["hooks.timeout"],
    change: (place) => withHooks(place, { [kind]: [{ ...hook(place, kind, [sleep(hour)]), timeout: 1 }] }),
    run: async (stage) => {
      const { container } = stage;
      const operation = operationOf(kind);
      stage.ask(operation === "delete" ? {} : { pause });
      if (operation !== "create") await container.create();
      if (operation === "delete") {
        await container.start();
        await container.ended();
      }
      const result = await (operation === "create" ? container.tryCreate() : container.try(operation));
      const expected = operation === "delete" ? "success" : "an error";
      const failed = result.code !== 0;
      contains("hooks that were called", writers(container), kind);
      holds(operation, ending(result), `${expected}, a second after the hook's start`, !result.timedOut);
      equal(`whether ${operation} fails`, failed, operation !== "delete");
      // What becomes of the container is for failure.ts; a hook that goes on is a leak.
      if (operation === "start") container.exists = (await container.try("state")).code === 0;
    },
  });

const notPositive = (kind: Kind, timeout: number): Case =>
  refuse({
    clauses: ["hooks.timeout-positive"],
    // runc 1.1 aborts such a hook at once, or not if that has ended already.
    change: (place) => withHooks(place, { [kind]: [{ ...hook(place, kind, [sleep(200)]), timeout }] }),
  });

export default {
  ...Object.fromEntries(kinds.map((kind) => [kind, tooLong(kind)])),

  /** Were it milliseconds, it would be over before the hook is. */
  "not-reached": act({
    clauses: ["hooks.timeout"],
    change: (place) =>
      withHooks(place, {
        createRuntime: [{ ...hook(place, "createRuntime", [sleep(100), say("done")]), timeout: 10 }],
      }),
    run: async (stage) => {
      await stage.observe({});
      equal("the last line of the hook", logged(stage.container).at(-1)?.ask, "say done");
    },
  }),

  ...Object.fromEntries(kinds.map((kind) => [`zero-${kind}`, notPositive(kind, 0)])),
  ...Object.fromEntries(kinds.map((kind) => [`negative-${kind}`, notPositive(kind, -1)])),
} satisfies Cases;
