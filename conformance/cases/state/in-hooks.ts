// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { hook, type Kind, kinds, stateOf, withHooks } from "../../instruments/hooks.ts";
import { stop } from "../../instruments/life.ts";
import { pause } from "../../questions.ts";

/** What the definitions of the statuses come to at the time of each kind. */
const expected: Readonly<Record<Kind, readonly [string, ClauseId]>> = {
  prestart: ["creating", "state.creating"],
  createRuntime: ["creating", "state.creating"],
  createContainer: ["creating", "state.creating"],
  // create has ended, and the program has not been executed.
  startContainer: ["created", "state.created"],
  poststart: ["running", "state.running"],
  poststop: ["stopped", "state.stopped"],
};

const statusIn = (kind: Kind): Case => {
  const [status, clause] = expected[kind];
  return act({
    clauses: [clause, "state.other-status", "hooks.state"],
    change: (place) => withHooks(place, { [kind]: [hook(place, kind)] }),
    run: async (stage) => {
      const { container } = stage;
      // While poststart hooks run, so does the program.
      stage.ask({ pause });
      await container.create();
      await container.start();
      await stage.answers({ pause });
      await stop(container);
      await container.delete();
      equal(`status in the state of the ${kind} hook`, stateOf(container, kind).status, status);
    },
  });
};

/** poststop hooks come when there is no process any more. */
type Lively = Exclude<Kind, "poststop">;
const withPid = kinds.filter((kind): kind is Lively => kind !== "poststop");
const insideContainer = (kind: Lively) => kind === "createContainer" || kind === "startContainer";
const clauseOf = (kind: Lively): ClauseId =>
  insideContainer(kind) ? "state.pid-container-hooks" : "state.pid-runtime-hooks";

const pidIn = (kind: Lively, ownNamespace: boolean): Case =>
  act({
    clauses: [clauseOf(kind)],
    change: (place) => ({
      ...withHooks(place, { [kind]: [hook(place, kind)] }),
      ...(ownNamespace ? {} : { "/linux/namespaces/0": undefined }),
    }),
    run: async (stage) => {
      const { container } = stage;
      await stage.observe({});
      const pid = insideContainer(kind) && ownNamespace ? 1 : container.pid;
      equal(`pid in the state of the ${kind} hook`, stateOf(container, kind).pid, pid);
    },
  });

export default {
  ...Object.fromEntries(kinds.map((kind) => [`status-${kind}`, statusIn(kind)])),
  ...Object.fromEntries(withPid.map((kind) => [`pid-${kind}`, pidIn(kind, true)])),
  // Neither is it always 1 in there.
  ...Object.fromEntries(
    withPid.filter(insideContainer).map((kind) => [`pid-${kind}-without-namespace`, pidIn(kind, false)]),
  ),
} satisfies Cases;
