// SPDX-License-Identifier: Apache-2.0

import { act, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { bringTo, rawState, stop } from "../../instruments/life.ts";
import { die, exit } from "../../questions.ts";
import type { Stage } from "../../stage/stage.ts";

async function expectStatus({ container }: Stage, status: string): Promise<void> {
  equal("status", (await rawState(container)).status, status);
}

const endOf = (asked: ReturnType<typeof exit>) => async (stage: Stage) => {
  stage.ask({ asked });
  await stage.container.create();
  await stage.container.start();
  await stage.container.ended();
  await stage.container.stopped();
};

export default {
  created: act({
    clauses: ["state.created", "state.other-status", "state.query"],
    run: async (stage) => {
      await bringTo("created", stage);
      await expectStatus(stage, "created");
    },
  }),

  running: act({
    clauses: ["state.running", "state.other-status"],
    run: async (stage) => {
      await bringTo("running", stage);
      await expectStatus(stage, "running");
    },
  }),

  "stopped-by-exit": act({ clauses: ["state.stopped", "state.other-status"], run: endOf(exit(0)) }),
  "stopped-by-failure": act({ clauses: ["state.stopped"], run: endOf(exit(77)) }),
  "stopped-by-crash": act({ clauses: ["state.stopped"], run: endOf(die(11)) }),
  "stopped-by-kill": act({
    clauses: ["state.stopped"],
    run: async (stage) => {
      await bringTo("stopped", stage);
      await expectStatus(stage, "stopped");
    },
  }),
  "stopped-before-start": act({
    clauses: ["state.stopped", "state.created"],
    run: async (stage) => {
      await bringTo("created", stage);
      await stop(stage.container);
      await expectStatus(stage, "stopped");
    },
  }),
} satisfies Cases;
