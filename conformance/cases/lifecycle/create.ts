// SPDX-License-Identifier: Apache-2.0

import { chmodSync, copyFileSync, existsSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { act, type Case, type Cases } from "../../case.ts";
import { equal, present } from "../../expect.ts";
import { logInside, scratchMount, writers } from "../../instruments/hooks.ts";
import { bringTo, expectError, rawState, type Status, statuses, stop } from "../../instruments/life.ts";
import { say } from "../../questions.ts";
import { ending } from "../../stage/runtime.ts";

/** The ID of a container that is there already, for a bundle of its own. */
const takenId = (status: Status): Case =>
  act({
    clauses: ["lifecycle.create-id-unique", "lifecycle.error-undone"],
    run: async (stage) => {
      const { container, runtime } = stage;
      await bringTo(status, stage);
      const before = await rawState(container);
      const { bundle } = stage.another().place;
      const result = await runtime.call(["create", "--bundle", bundle, container.id]);
      expectError("create with an ID in use", result, "another container has it");
      equal("state of the container that has the ID", await rawState(container), before);
      if (status === "created") await container.start();
    },
  });

/** What the spec does not say is not for us to say either: the ID is refused, or it is the container's ID. */
const oddId = (id: string): Case =>
  act({
    clauses: ["lifecycle.create-id-valid", "lifecycle.create"],
    run: async (stage) => {
      const { container, runtime, place } = stage;
      const verb = (name: string, ...words: readonly string[]) => runtime.call([name, id, ...words]);
      const created = await runtime.call(["create", "--bundle", place.bundle, id]);
      const state = await verb("state");
      if (created.code !== 0) {
        expectError(
          `state of ${JSON.stringify(id)}, which create has refused`,
          state,
          "there is no such container",
        );
        const strayed = existsSync(`${dirname(runtime.root)}/elsewhere`);
        equal("whether the refused ID has made a folder outside of the runtime's", strayed, false);
        return;
      }
      equal("state of the container", ending(state).split(":")[0], "exit code 0");
      equal("id in the state", (JSON.parse(state.out) as { id?: unknown }).id, id);
      equal("kill", ending(await verb("kill", "9")), "exit code 0");
      await container.until("delete", async () => (await verb("delete")).code === 0);
    },
  });

export default {
  new: act({
    clauses: ["lifecycle.create", "lifecycle.operations"],
    run: async (stage) => {
      await bringTo("created", stage);
      const { id, status } = await rawState(stage.container);
      equal("state of the new container", { id, status }, { id: stage.container.id, status: "created" });
      equal("whether its process is there", existsSync(`/proc/${stage.container.pid}`), true);
    },
  }),

  /** The process is needed by start only (config.md#process). */
  "without-process": act({
    clauses: ["lifecycle.create"],
    change: { "/process": undefined },
    run: async ({ container }) => {
      await container.create();
      equal("status", (await rawState(container)).status, "created");
    },
  }),

  "without-id": act({
    clauses: ["lifecycle.create-needs-parameters"],
    run: async ({ runtime, place }) => {
      expectError(
        "create without an ID",
        await runtime.call(["create", "--bundle", place.bundle]),
        "which ID?",
      );
    },
  }),
  "without-bundle": act({
    clauses: ["lifecycle.create-needs-parameters"],
    run: async ({ runtime, container, place }) => {
      // Runtimes that take the current folder instead find none there.
      const result = await runtime.call(["create", container.id], { cwd: place.scratch });
      expectError("create without a bundle", result, "which bundle?");
      expectError("state", await container.try("state"), "the container has not been created");
    },
  }),
  "missing-bundle": act({
    clauses: ["lifecycle.create-needs-parameters"],
    run: async ({ container, place }) => {
      const result = await container.tryCreate(["--bundle", `${place.scratch}/missing`]);
      expectError("create", result, "there is no such bundle");
      expectError("state", await container.try("state"), "the container has not been created");
    },
  }),

  ...Object.fromEntries(statuses.map((status) => [`taken-by-${status}`, takenId(status)])),

  "id-empty": act({
    clauses: ["lifecycle.create-needs-parameters", "lifecycle.create-id-valid"],
    run: async ({ runtime, place }) => {
      expectError("create", await runtime.call(["create", "--bundle", place.bundle, ""]), "the ID is empty");
    },
  }),
  "id-dot": oddId("."),
  "id-parent": oddId(".."),
  "id-path": oddId("below/this"),
  "id-outside": oddId("../elsewhere"),
  "id-blank": oddId("two words"),
  "id-line-end": oddId("two\nlines"),
  "id-beyond-ascii": oddId("grün"),
  "id-long": oddId("x".repeat(300)),

  "program-waits": act({
    clauses: [
      "lifecycle.program-waits",
      "lifecycle.create-spares-args",
      "lifecycle.program",
      "lifecycle.start",
    ],
    change: (place) => ({ "/mounts/-": scratchMount(place) }),
    run: async (stage) => {
      const { container } = stage;
      stage.ask({ log: logInside("program") });
      await container.create();
      await sleep(200);
      equal("who has run before start", writers(container), []);
      await container.start();
      await container.ended();
      equal("who has run after start", writers(container), ["program"]);
    },
  }),

  /** At create the file is there, and executable, but no program. */
  "program-made-later": act({
    clauses: ["lifecycle.create-spares-args"],
    change: { "/process/args": ["/program"] },
    prepare: ({ rootfs }) => writeFileSync(`${rootfs}/program`, "exit 1\n", { mode: 0o755 }),
    run: async (stage) => {
      const { container, place } = stage;
      stage.ask({ said: say("hello") });
      await container.create();
      copyFileSync(place.probe, `${place.rootfs}/new`);
      chmodSync(`${place.rootfs}/new`, 0o755);
      renameSync(`${place.rootfs}/new`, `${place.rootfs}/program`);
      await container.start();
      await container.ended();
      present(`what the program said (${container.end})`, container.lines.at(0));
    },
  }),

  /** Everything is given back, so that the same can be done once more. */
  again: act({
    clauses: ["lifecycle.delete-frees-id", "lifecycle.create"],
    run: async (stage) => {
      const { container } = stage;
      await bringTo("created", stage);
      const first = container.pid;
      await stop(container);
      await container.delete();
      const { said } = await stage.observe({ said: say("again") });
      equal("what the second container of this ID said", said, null);
      equal("whether it had a process of its own", container.pid !== first, true);
    },
  }),
} satisfies Cases;
