// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { act, type Cases, type Need } from "../../case.ts";
import { contains, equal } from "../../expect.ts";
import { resctrl, resctrlFolder, tasksOf, withClass } from "../../instruments/resctrl.ts";
import type { Stage } from "../../stage/stage.ts";

const name = `conformance-${process.pid}`;

const monitors: Need = (host) =>
  resctrl(host) ??
  (existsSync(`${resctrlFolder()}/mon_groups`) ? undefined : "the processor monitors nothing");

/** The container is in a monitoring group of the class as long as it exists. */
async function expectGroup(stage: Stage, folder: string): Promise<void> {
  const { container } = stage;
  const group = `${folder}/mon_groups/${container.id}`;
  container.change({ "/process/args": ["/probe", "pause"] });
  await container.create();
  equal("whether there is the monitoring group", existsSync(group), true);
  contains("its tasks", tasksOf(group), container.pid);
  await stage.finish();
  equal("whether it is there after delete", existsSync(group), false);
}

/** Monitoring groups until the processor has no more. */
function exhaust(): readonly string[] {
  const made: string[] = [];
  try {
    for (let number = 0; number < 65536; number++) {
      const folder = `${resctrlFolder()}/mon_groups/${name}-${number}`;
      mkdirSync(folder);
      made.push(folder);
    }
  } catch {
    // that was the last one
  }
  return made;
}

export default {
  "own-class": act({
    clauses: ["intel-rdt.monitoring", "intel-rdt.monitoring-removed"],
    needs: [monitors],
    change: { "/linux/intelRdt/enableMonitoring": true },
    run: (stage) => withClass(stage.container.id, false, (folder) => expectGroup(stage, folder)),
  }),
  "named-class": act({
    clauses: ["intel-rdt.monitoring", "intel-rdt.monitoring-removed"],
    needs: [monitors],
    change: { "/linux/intelRdt": { closID: name, enableMonitoring: true } },
    run: (stage) => withClass(name, true, (folder) => expectGroup(stage, folder)),
  }),
  exhausted: act({
    clauses: ["intel-rdt.monitoring-refused"],
    needs: [monitors],
    change: { "/linux/intelRdt": { closID: "/", enableMonitoring: true } },
    run: async (stage) => {
      const made = exhaust();
      try {
        await stage.expectRefusal("create");
      } finally {
        for (const folder of made) rmdirSync(folder);
      }
    },
  }),
} satisfies Cases;
