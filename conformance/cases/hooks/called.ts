// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { hook, type Kind, kinds, operationOf, withHooks, writers } from "../../instruments/hooks.ts";

const clausesOf: Readonly<Record<Kind, readonly [ClauseId, ClauseId]>> = {
  prestart: ["hooks.prestart", "hooks.prestart-time"],
  createRuntime: ["hooks.create-runtime", "hooks.create-runtime-time"],
  createContainer: ["hooks.create-container", "hooks.create-container-time"],
  startContainer: ["hooks.start-container", "hooks.start-container-time"],
  poststart: ["hooks.poststart", "hooks.poststart-time"],
  poststop: ["hooks.poststop", "hooks.poststop-time"],
};

/** By its own operation, neither before nor again afterwards. */
const called = (kind: Kind): Case =>
  act({
    clauses: clausesOf[kind],
    change: (place) => withHooks(place, { [kind]: [hook(place, kind)] }),
    run: async (stage) => {
      const { container } = stage;
      const calledBy: string[] = [];
      stage.ask({});
      for (const operation of ["create", "start", "delete"] as const) {
        const before = writers(container).length;
        await container[operation]();
        if (operation === "start") await container.ended();
        if (writers(container).length > before) calledBy.push(operation);
      }
      equal(`the operations that call ${kind} hooks`, calledBy, [operationOf(kind)]);
    },
  });

export default Object.fromEntries(kinds.map((kind) => [kind, called(kind)])) satisfies Cases;
