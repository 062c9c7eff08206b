// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, writeFileSync } from "node:fs";
import { act, type Cases } from "../../case.ts";
import { holds, Skip } from "../../expect.ts";
import { cgroup } from "../../needs.ts";
import { pause } from "../../questions.ts";
import { removeCgroup } from "../../stage/cgroups.ts";
import type { Container } from "../../stage/container.ts";
import { ending, type Result } from "../../stage/runtime.ts";

/** Either an error with a message, or nobody has checked: then the case has nothing to judge. */
function expectError(result: Result, what: string): void {
  if (result.code === 0) throw new Skip(`create does not check for ${what}`);
  holds("create", ending(result), "an error", result.signal === null && !result.timedOut);
  holds("what create says", result.err, "a message", result.err.trim() !== "");
}

const freeze = (folder: string, value: "0" | "1") => writeFileSync(`${folder}/cgroup.freeze`, value);

/** Of what should not have been created. */
async function thenEnd(container: Container): Promise<void> {
  if (!container.exists) return;
  await container.kill("KILL");
  await container.ended();
}

/** With a frozen cgroup at the place, or above it. */
const frozen = (below: string) =>
  act({
    clauses: ["cgroups.fitness-error", "cgroups.fitness"],
    needs: [cgroup],
    prepare: ({ cgroupFolder }) => {
      mkdirSync(cgroupFolder);
      freeze(cgroupFolder, "1");
    },
    change: (place) => ({ "/linux/cgroupsPath": `${place.cgroup}${below}` }),
    run: async (stage) => {
      const { container, place } = stage;
      stage.ask({ pause });
      // Without a check create waits for a process that cannot run: until it may.
      const thaw = setTimeout(() => freeze(place.cgroupFolder, "0"), (container.seconds * 1000) / 3);
      const result = await container.tryCreate();
      clearTimeout(thaw);
      await thenEnd(container);
      await stage.finish();
      removeCgroup(place.cgroupFolder);
      expectError(result, "a frozen cgroup");
    },
  });

export default {
  frozen: frozen(""),
  "frozen-above": frozen("/inner"),
  "with-processes": act({
    clauses: ["cgroups.fitness-error", "cgroups.fitness"],
    needs: [cgroup],
    run: async (stage) => {
      const { container, place } = stage;
      await stage.begin({});
      const second = stage.another({ "/linux/cgroupsPath": place.cgroup });
      stage.ask({ pause }, second);
      const result = await second.tryCreate();
      await thenEnd(second);
      expectError(result, "processes in the cgroup");
      const { status } = await container.state();
      holds("status of the container that was there", status, "running", status === "running");
    },
  }),
} satisfies Cases;
