// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { bringTo, expectError, rawState } from "../../instruments/life.ts";
import { awaitSignal } from "../../questions.ts";
import { exitWords } from "../../stage/reaps.ts";

const arrives = (signal: number): Case =>
  act({
    clauses: ["lifecycle.kill", "lifecycle.operations"],
    run: async (stage) => {
      const { container } = stage;
      stage.ask({ awaitSignal });
      await container.create();
      await container.start();
      // The probe says so when no signal can be lost any more.
      await container.until("the program", () => container.lines.some(({ ask }) => ask === "say waiting"));
      await container.kill(signal);
      const seen = await stage.answers({ awaitSignal });
      equal("the signal that reached the program", seen.awaitSignal.signal, signal);
      await container.ended();
    },
  });

const deadly = (status: "created" | "running"): Case =>
  act({
    clauses: [status === "created" ? "lifecycle.kill-created" : "lifecycle.kill", "lifecycle.ends"],
    run: async (stage) => {
      await bringTo(status, stage);
      await stage.container.kill(9);
      equal("the end of the process", exitWords(await stage.container.ended()), "ended by signal 9");
      await stage.container.stopped();
    },
  });

export default {
  "without-id": act({
    clauses: ["lifecycle.kill-needs-id"],
    run: async (stage) => {
      await bringTo("running", stage);
      expectError("kill without an ID", await stage.runtime.call(["kill"]), "which container?");
      equal("status", (await rawState(stage.container)).status, "running");
    },
  }),

  // HUP, INT, USR1, TERM, WINCH, and the first and last real-time signals of the kernel that no libc keeps for itself
  ...Object.fromEntries([1, 2, 10, 15, 28, 35, 64].map((signal) => [`signal-${signal}`, arrives(signal)])),
  "signal-9": deadly("running"),
  created: deadly("created"),

  unknown: act({
    clauses: ["lifecycle.kill-only-alive"],
    run: async ({ container }) =>
      expectError("kill", await container.try("kill", "9"), "there is no such container"),
  }),
  stopped: act({
    clauses: ["lifecycle.kill-only-alive", "lifecycle.error-undone"],
    run: async (stage) => {
      await bringTo("stopped", stage);
      const before = await rawState(stage.container);
      expectError(
        "kill of the stopped container",
        await stage.container.try("kill", "15"),
        "nobody is alive",
      );
      equal("its state afterwards", await rawState(stage.container), before);
    },
  }),
} satisfies Cases;
