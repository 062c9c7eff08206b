// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import { equal, Skip } from "../../expect.ts";
import { logged, logInside, scratchMount } from "../../instruments/hooks.ts";
import { expectError, rawState, stop } from "../../instruments/life.ts";
import { commandLine, pause } from "../../questions.ts";
import { ending } from "../../stage/runtime.ts";

const startTwice = (status: "running" | "stopped"): Case =>
  act({
    clauses: ["lifecycle.start-only-created", "lifecycle.error-undone"],
    change: (place) => ({ "/mounts/-": scratchMount(place) }),
    run: async (stage) => {
      const { container } = stage;
      stage.ask({ log: logInside("program"), pause });
      await container.create();
      await container.start();
      const runs = () => logged(container).filter(({ ask }) => ask === "pause").length;
      await container.until("the program", () => runs() > 0);
      if (status === "stopped") await stop(container);
      const before = await rawState(container);
      expectError(`start of the ${status} container`, await container.try("start"), "it is not created");
      equal("its state afterwards", await rawState(container), before);
      equal("how often the program has run", runs(), 1);
    },
  });

export default {
  "without-id": act({
    clauses: ["lifecycle.start-needs-id"],
    run: async (stage) => {
      stage.ask({ pause });
      await stage.container.create();
      expectError("start without an ID", await stage.runtime.call(["start"]), "which container?");
      equal("status", (await rawState(stage.container)).status, "created");
    },
  }),

  unknown: act({
    clauses: ["lifecycle.start-only-created"],
    run: async ({ container }) =>
      expectError("start", await container.try("start"), "there is no such container"),
  }),
  running: startTwice("running"),
  stopped: startTwice("stopped"),

  program: act({
    clauses: ["lifecycle.start", "lifecycle.program", "lifecycle.operations"],
    run: async (stage) => {
      const { commandLine: words } = await stage.observe({ commandLine });
      equal("command line of what start ran", words, ["/probe", "commandLine"]);
    },
  }),

  "without-process": act({
    clauses: ["lifecycle.start-needs-process"],
    change: { "/process": undefined },
    run: async ({ container }) => {
      const created = await container.tryCreate();
      if (created.code !== 0)
        throw new Skip(`start cannot be tried, create refuses already: ${ending(created)}`);
      expectError("start", await container.try("start"), "the config has no process");
    },
  }),
} satisfies Cases;
