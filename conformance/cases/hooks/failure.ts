// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from "node:fs";
import { act, type Case, type Cases } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, holds } from "../../expect.ts";
import {
  createKinds,
  type Hook,
  hook,
  type Kind,
  logInside,
  operationOf,
  startKinds,
  withHooks,
  writers,
} from "../../instruments/hooks.ts";
import { die, exit, pause } from "../../questions.ts";
import type { Container } from "../../stage/container.ts";
import type { Place } from "../../stage/place.ts";
import { ending } from "../../stage/runtime.ts";
import type { Stage } from "../../stage/stage.ts";

type Fatal = Exclude<Kind, "poststop">;
const fatalKinds: readonly Fatal[] = [...createKinds, ...startKinds];

const clauseOf: Readonly<Record<Fatal, ClauseId>> = {
  prestart: "hooks.prestart-failure",
  createRuntime: "hooks.create-runtime-failure",
  createContainer: "hooks.create-container-failure",
  startContainer: "hooks.start-container-failure",
  poststart: "hooks.poststart-failure",
};

/** A program that waits for ever, if it is ever run. */
async function expectFailure(stage: Stage, kind: Fatal): Promise<void> {
  const { container } = stage;
  const operation = operationOf(kind);
  stage.ask({ log: logInside("program"), pause });
  if (operation === "start") await container.create();
  const result = await (operation === "start" ? container.try("start") : container.tryCreate());
  holds(
    operation,
    ending(result),
    `an error: its ${kind} hook has failed`,
    result.code !== 0 && !result.timedOut,
  );
}

/** Its process, mounts and cgroup are for the search for leaks. */
async function expectDestroyed(container: Container): Promise<void> {
  const state = await container.try("state");
  container.exists = state.code === 0;
  holds(
    "state after the failure",
    ending(state),
    "an error: the container has been destroyed",
    state.code !== 0,
  );
}

/** Steps of the lifecycle in their order, the program's own among them. */
const steps = ["prestart", "createRuntime", "createContainer", "startContainer", "program", "poststart"];

const failing = (kind: Fatal): Case =>
  act({
    clauses: [clauseOf[kind]],
    change: (place) =>
      withHooks(place, {
        ...Object.fromEntries(fatalKinds.map((other) => [other, [hook(place, other)]])),
        [kind]: [hook(place, kind, [exit(3)]), hook(place, kind, [], "next")],
      }),
    run: async (stage) => {
      const { container } = stage;
      await expectFailure(stage, kind);
      // When poststart hooks are called, the program has been executed; how far it has come nobody knows.
      const seen = writers(container).filter((name) => kind !== "poststart" || name !== "program");
      const expected = steps.slice(0, steps.indexOf(kind) + 1).filter((name) => name !== "program");
      equal("who was called", seen, expected);
      await expectDestroyed(container);
    },
  });

const thenPoststop = (kind: Fatal): Case =>
  act({
    clauses: ["hooks.failure-poststop"],
    change: (place) =>
      withHooks(place, { [kind]: [hook(place, kind, [exit(3)])], poststop: [hook(place, "poststop")] }),
    run: async (stage) => {
      const { container } = stage;
      await expectFailure(stage, kind);
      const called = writers(container).includes("poststop");
      container.exists = (await container.try("state")).code === 0;
      equal(`whether poststop hooks are called after the failure of a ${kind} hook`, called, true);
    },
  });

const failingWith = (entry: (place: Place) => Hook, prepare?: (place: Place) => void): Case =>
  act({
    clauses: ["hooks.create-runtime-failure"],
    ...(prepare ? { prepare } : {}),
    change: (place) => withHooks(place, { createRuntime: [entry(place)] }),
    run: async (stage) => {
      await expectFailure(stage, "createRuntime");
      await expectDestroyed(stage.container);
    },
  });

const plainFile = (place: Place) => `${place.scratch}/plain`;

export default {
  ...Object.fromEntries(fatalKinds.map((kind) => [kind, failing(kind)])),
  ...Object.fromEntries(fatalKinds.map((kind) => [`poststop-after-${kind}`, thenPoststop(kind)])),

  signal: failingWith((place) => hook(place, "createRuntime", [die(9)])),
  missing: failingWith((place) => ({ path: `${place.scratch}/missing` })),
  "not-executable": failingWith(
    (place) => ({ path: plainFile(place) }),
    (place) => writeFileSync(plainFile(place), "", { mode: 0o644 }),
  ),

  poststop: act({
    clauses: ["hooks.poststop-failure"],
    change: (place) =>
      withHooks(place, {
        poststop: [hook(place, "poststop", [exit(3)]), hook(place, "poststop", [], "next")],
      }),
    run: async (stage) => {
      const { container } = stage;
      await stage.observe({});
      equal("whether the next poststop hook is called", writers(container).includes("next"), true);
      await expectDestroyed(container);
    },
  }),
} satisfies Cases;
