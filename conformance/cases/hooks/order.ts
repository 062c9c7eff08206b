// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { createKinds, hook, type Kind, kinds, turns, withHooks } from "../../instruments/hooks.ts";
import { sleep } from "../../questions.ts";

/** Were they called side by side, the later ones would write in between the lines of the slow one. */
const listed = (kind: Kind): Case =>
  act({
    clauses: ["hooks.order"],
    change: (place) =>
      withHooks(place, {
        [kind]: [
          hook(place, kind, [sleep(100)], "first"),
          hook(place, kind, [], "second"),
          hook(place, kind, [], "third"),
        ],
      }),
    run: async (stage) => {
      await stage.observe({});
      equal(`calls of the ${kind} hooks`, turns(stage.container), ["first", "second", "third"]);
    },
  });

export default {
  ...Object.fromEntries(kinds.map((kind) => [kind, listed(kind)])),

  "kinds-of-create": act({
    clauses: ["hooks.prestart-first", "hooks.create-container-second"],
    // In the config they stand the other way round.
    change: (place) =>
      withHooks(
        place,
        Object.fromEntries(createKinds.toReversed().map((kind) => [kind, [hook(place, kind, [sleep(50)])]])),
      ),
    run: async (stage) => {
      await stage.observe({});
      equal("calls of hooks by create", turns(stage.container), createKinds);
    },
  }),
} satisfies Cases;
