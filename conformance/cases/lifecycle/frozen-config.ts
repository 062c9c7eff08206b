// SPDX-License-Identifier: Apache-2.0

import { rmSync } from "node:fs";
import { act, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { hook, kinds, logInside, scratchMount, withHooks, writers } from "../../instruments/hooks.ts";
import { environment, identity, say } from "../../questions.ts";

export default {
  process: act({
    clauses: ["lifecycle.config-frozen"],
    run: async (stage) => {
      const { container } = stage;
      const asked = { identity, environment };
      stage.ask(asked);
      await container.create();
      container.change({
        "/process/args": ["/probe", "exit 9"],
        "/process/env": ["CHANGED=1"],
        "/process/cwd": "/tmp",
        "/process/user": { uid: 1000, gid: 1000 },
      });
      await container.start();
      await container.expectExit(0);
      const seen = await stage.answers(asked);
      equal("uid of the program", seen.identity.uid, [0, 0, 0, 0]);
      equal("its folder", seen.identity.directory, "/");
      equal("whether it has the new variable", seen.environment.includes("CHANGED=1"), false);
    },
  }),

  hooks: act({
    clauses: ["lifecycle.config-frozen"],
    change: (place) =>
      withHooks(
        place,
        Object.fromEntries(kinds.map((kind) => [kind, [hook(place, kind, [], `old-${kind}`)]])),
      ),
    run: async (stage) => {
      const { container, place } = stage;
      stage.ask({});
      await container.create();
      container.change({
        "/hooks": Object.fromEntries(kinds.map((kind) => [kind, [hook(place, kind, [], `new-${kind}`)]])),
      });
      await container.start();
      await container.ended();
      await container.delete();
      equal(
        "hooks that were called",
        writers(container).toSorted(),
        kinds.map((kind) => `old-${kind}`).toSorted(),
      );
    },
  }),

  "annotations-in-state": act({
    clauses: ["lifecycle.config-frozen", "state.annotations"],
    change: { "/annotations": { "com.example.time": "before" } },
    run: async (stage) => {
      const { container } = stage;
      stage.ask({});
      await container.create();
      container.change({ "/annotations": { "com.example.time": "after" } });
      const { annotations } = await container.state();
      equal("annotations in the state", annotations, { "com.example.time": "before" });
    },
  }),

  removed: act({
    clauses: ["lifecycle.config-frozen"],
    change: (place) => ({ "/mounts/-": scratchMount(place) }),
    run: async (stage) => {
      const { container, place } = stage;
      stage.ask({ log: logInside("program"), said: say("there") });
      await container.create();
      rmSync(`${place.bundle}/config.json`);
      await container.start();
      await container.expectExit(0);
      await container.stopped();
      await container.delete();
      equal("who has run", writers(container), ["program"]);
    },
  }),
} satisfies Cases;
