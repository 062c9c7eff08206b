// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import { equal, sameMembers } from "../../expect.ts";
import { type Hook, hook, type Kind, kinds, stateOf, withHooks, writers } from "../../instruments/hooks.ts";
import type { Place } from "../../stage/place.ts";

/** The standard input must end, too, or the hook would never answer. */
const given = (kind: Kind): Case =>
  act({
    clauses: ["hooks.state"],
    change: (place) => ({
      ...withHooks(place, {
        [kind]: [hook(place, kind), hook(place, kind, [], "second")],
      }),
      "/annotations": { "com.example.text": "grün" },
    }),
    run: async (stage) => {
      const { container, place } = stage;
      await stage.observe({});
      for (const by of [kind, "second"]) {
        const { id, bundle, annotations } = stateOf(container, by);
        equal(
          `what the state of ${by} says about the container`,
          { id, bundle, annotations },
          { id: container.id, bundle: place.bundle, annotations: { "com.example.text": "grün" } },
        );
      }
    },
  });

const unreading = (place: Place, kind: Kind): Hook => {
  const entry = hook(place, kind);
  return { ...entry, args: (entry.args ?? []).slice(0, 2) };
};

/** More than a pipe holds. */
const large = "x".repeat(200_000);

export default {
  ...Object.fromEntries(kinds.map((kind) => [kind, given(kind)])),

  large: act({
    clauses: ["hooks.state"],
    change: (place) => ({
      ...withHooks(place, Object.fromEntries(kinds.map((kind) => [kind, [hook(place, kind)]]))),
      "/annotations": { "com.example.large": large },
    }),
    run: async (stage) => {
      await stage.observe({});
      for (const kind of kinds) {
        const { annotations } = stateOf(stage.container, kind);
        const complete = JSON.stringify(annotations) === JSON.stringify({ "com.example.large": large });
        equal(`whether the state of ${kind} has the annotation of 200 kB`, complete, true);
      }
    },
  }),

  /** Who does not want it may leave it: neither a blocked write nor SIGPIPE is the hook's failure. */
  unread: act({
    clauses: ["hooks.state", "hooks.prestart", "hooks.poststop"],
    change: (place) => ({
      ...withHooks(place, Object.fromEntries(kinds.map((kind) => [kind, [unreading(place, kind)]]))),
      "/annotations": { "com.example.large": large },
    }),
    run: async (stage) => {
      await stage.observe({});
      sameMembers("hooks that were called", writers(stage.container), kinds);
    },
  }),
} satisfies Cases;
