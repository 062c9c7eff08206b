// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import { equal, sameMembers } from "../../expect.ts";
import { answerBy, hook, type Kind, kinds, withHooks } from "../../instruments/hooks.ts";
import { commandLine, environment, say } from "../../questions.ts";
import type { Place } from "../../stage/place.ts";

/** Nobody takes these words apart, nor is the first one derived from the path. */
const argumentsOf = (place: Place, kind: Kind): readonly string[] => [
  "a name of its own",
  ...(hook(place, kind).args ?? []).slice(1),
  commandLine.ask,
  say("$HOME").ask,
  say("*'`\\").ask,
];

const withArguments = (kind: Kind): Case =>
  act({
    clauses: ["hooks.args"],
    change: (place) =>
      withHooks(place, { [kind]: [{ ...hook(place, kind), args: argumentsOf(place, kind) }] }),
    run: async (stage) => {
      await stage.observe({});
      const seen = answerBy(stage.container, kind, commandLine);
      equal(`arguments of the ${kind} hook`, seen, argumentsOf(stage.place, kind));
    },
  });

const variables = ["ONE=1", "EMPTY=", "SPACED=a b  c", "EQUALS=a=b=c", "BEYOND_ASCII=grün"];

const withEnvironment = (kind: Kind): Case =>
  act({
    clauses: ["hooks.env"],
    change: (place) =>
      withHooks(place, { [kind]: [{ ...hook(place, kind, [environment]), env: variables }] }),
    run: async (stage) => {
      await stage.observe({});
      sameMembers(`environment of the ${kind} hook`, answerBy(stage.container, kind, environment), variables);
    },
  });

export default {
  ...Object.fromEntries(kinds.map((kind) => [`args-${kind}`, withArguments(kind)])),
  ...Object.fromEntries(kinds.map((kind) => [`env-${kind}`, withEnvironment(kind)])),
} satisfies Cases;
