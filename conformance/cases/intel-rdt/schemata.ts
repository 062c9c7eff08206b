// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases, type Need } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import {
  allocates,
  half,
  type Resource,
  schemaOf,
  schemaText,
  whole,
  withClass,
} from "../../instruments/resctrl.ts";
import type { Stage } from "../../stage/stage.ts";

const name = `conformance-${process.pid}`;
const halfText = (resource: Resource) => schemaText(resource, half(resource));
const wholeText = (resource: Resource) => schemaText(resource, whole(resource));

type Clauses = readonly [ClauseId, ...ClauseId[]];
/** Needs what is mounted: made when the case runs. */
type Rdt = () => object;

const story = (
  clauses: Clauses,
  needs: readonly Need[],
  rdt: Rdt,
  run: (stage: Stage) => Promise<void>,
): Case =>
  act({
    clauses,
    needs,
    run: async (stage) => {
      stage.container.change({ "/linux/intelRdt": rdt(), "/process/args": ["/probe", "pause"] });
      await run(stage);
    },
  });

/** A class of the runtime's own has half of these resources. */
const halves = (clauses: Clauses, resources: readonly Resource[], rdt: Rdt): Case =>
  story(clauses, resources.map(allocates), rdt, (stage) =>
    withClass(stage.container.id, false, async (folder) => {
      await stage.container.create();
      for (const resource of resources) equal(resource, schemaOf(folder, resource), half(resource));
      await stage.finish();
    }),
  );

const refused = (clause: ClauseId, resource: Resource, rdt: Rdt): Case =>
  story([clause], [allocates(resource)], rdt, (stage) =>
    withClass(stage.container.id, false, () => stage.expectRefusal("create")),
  );

/** The folder for closID is there, and has everything. */
const compared = (resource: Resource, rdt: Rdt, run: (stage: Stage) => Promise<void>): Case =>
  story(
    ["intel-rdt.clos-compared"],
    [allocates(resource)],
    () => ({ closID: name, ...rdt() }),
    (stage) => withClass(name, true, () => run(stage)),
  );

export default {
  l3: halves(["intel-rdt.l3"], ["L3"], () => ({ l3CacheSchema: halfText("L3") })),
  mb: halves(["intel-rdt.mb"], ["MB"], () => ({ memBwSchema: halfText("MB") })),
  "l3-and-mb": halves(["intel-rdt.l3", "intel-rdt.mb"], ["L3", "MB"], () => ({
    l3CacheSchema: halfText("L3"),
    memBwSchema: halfText("MB"),
  })),
  schemata: halves(["intel-rdt.schemata"], ["L3"], () => ({ schemata: [halfText("L3")] })),
  "schemata-several": halves(["intel-rdt.schemata"], ["L3", "MB"], () => ({
    schemata: [halfText("L3"), halfText("MB")],
  })),
  "schemata-after-l3": halves(["intel-rdt.order-schemata"], ["L3"], () => ({
    l3CacheSchema: wholeText("L3"),
    schemata: [halfText("L3")],
  })),
  "schemata-after-mb": halves(["intel-rdt.order-schemata"], ["MB"], () => ({
    memBwSchema: wholeText("MB"),
    schemata: [halfText("MB")],
  })),
  "mb-without-prefix": refused("intel-rdt.mb-form", "MB", () => ({ memBwSchema: "0=50" })),
  "mb-with-line-break": refused("intel-rdt.mb-form", "MB", () => ({
    memBwSchema: `${halfText("MB")}\n${halfText("MB")}`,
  })),
  "schemata-with-line-break": refused("intel-rdt.schemata-form", "L3", () => ({
    schemata: [`${halfText("L3")}\n${halfText("L3")}`],
  })),
  "l3-differs": compared(
    "L3",
    () => ({ l3CacheSchema: halfText("L3") }),
    (stage) => stage.expectRefusal("create"),
  ),
  "mb-differs": compared(
    "MB",
    () => ({ memBwSchema: halfText("MB") }),
    (stage) => stage.expectRefusal("create"),
  ),
  "l3-matches": compared(
    "L3",
    () => ({ l3CacheSchema: wholeText("L3") }),
    async (stage) => {
      await stage.container.create();
      await stage.finish();
    },
  ),
} satisfies Cases;
