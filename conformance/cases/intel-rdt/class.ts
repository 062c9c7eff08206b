// SPDX-License-Identifier: Apache-2.0

import { existsSync } from "node:fs";
import { act, type Cases } from "../../case.ts";
import { contains, equal } from "../../expect.ts";
import {
  allocates,
  half,
  resctrl,
  resctrlFolder,
  schemaText,
  tasksOf,
  wholeTree,
  withClass,
} from "../../instruments/resctrl.ts";
import type { Stage } from "../../stage/stage.ts";

const name = `conformance-${process.pid}`;

/** The created container's process is in the folder's tasks. */
async function createIn({ container }: Stage, folder: string): Promise<void> {
  container.change({ "/process/args": ["/probe", "pause"] });
  await container.create();
  equal("whether there is the folder", existsSync(folder), true);
  contains("its tasks", tasksOf(folder), container.pid);
}

export default {
  unset: act({
    clauses: ["intel-rdt.unset"],
    needs: [resctrl],
    run: async (stage) => {
      const before = wholeTree();
      await stage.begin({});
      equal("groups and schemata with the container", wholeTree(), before);
      await stage.finish();
      equal("groups and schemata after it", wholeTree(), before);
    },
  }),
  "named-there": act({
    clauses: ["intel-rdt.clos-assigned", "intel-rdt.clos", "intel-rdt.tasks", "intel-rdt.kept"],
    needs: [resctrl],
    change: { "/linux/intelRdt/closID": name },
    run: (stage) =>
      withClass(name, true, async (folder) => {
        await createIn(stage, folder);
        await stage.finish();
        equal("whether the folder is there after delete", existsSync(folder), true);
      }),
  }),
  "no-schema": act({
    clauses: ["intel-rdt.no-schema"],
    needs: [resctrl],
    change: { "/linux/intelRdt/closID": name },
    run: (stage) =>
      withClass(name, true, async (folder) => {
        const before = wholeTree();
        await createIn(stage, folder);
        equal("groups and schemata", wholeTree(), before);
      }),
  }),
  "named-missing": act({
    clauses: ["intel-rdt.clos-missing"],
    needs: [resctrl],
    change: { "/linux/intelRdt/closID": name },
    run: (stage) =>
      withClass(name, false, async (folder) => {
        await stage.expectRefusal("create");
        equal("whether the folder is there", existsSync(folder), false);
      }),
  }),
  "named-made": act({
    clauses: ["intel-rdt.clos-created", "intel-rdt.clos", "intel-rdt.tasks", "intel-rdt.kept"],
    needs: [allocates("L3")],
    change: { "/linux/intelRdt/closID": name },
    run: (stage) =>
      withClass(name, false, async (folder) => {
        stage.container.change({ "/linux/intelRdt/schemata": [schemaText("L3", half("L3"))] });
        await createIn(stage, folder);
        await stage.finish();
        equal("whether the folder is there after delete", existsSync(folder), true);
      }),
  }),
  default: act({
    clauses: ["intel-rdt.clos-default", "intel-rdt.tasks"],
    needs: [resctrl],
    change: { "/linux/intelRdt/closID": "/" },
    run: async (stage) => {
      const before = wholeTree();
      await createIn(stage, resctrlFolder());
      equal("groups and schemata", wholeTree(), before);
    },
  }),
  "own-name": act({
    clauses: ["intel-rdt.clos-unset", "intel-rdt.removed", "intel-rdt.tasks"],
    needs: [resctrl],
    change: { "/linux/intelRdt": {} },
    run: (stage) =>
      withClass(stage.container.id, false, async (folder) => {
        await createIn(stage, folder);
        await stage.finish();
        equal("whether the folder is there after delete", existsSync(folder), false);
      }),
  }),
} satisfies Cases;
