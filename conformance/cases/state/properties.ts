// SPDX-License-Identifier: Apache-2.0

import * as v from "valibot";
import { act, type Cases } from "../../case.ts";
import { equal, holds } from "../../expect.ts";
import { bringTo, rawState, throughLife } from "../../instruments/life.ts";
import type { Stage } from "../../stage/stage.ts";

// https://semver.org: MAJOR.MINOR.PATCH with a pre-release and build data
const semver = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[\w-]+(\.[\w-]+)*)?(\+[\w-]+(\.[\w-]+)*)?$/;

/** As state-schema.json has it. */
const shape = v.looseObject({
  ociVersion: v.string(),
  id: v.string(),
  status: v.picklist(["creating", "created", "running", "stopped"]),
  pid: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  bundle: v.string(),
  annotations: v.optional(v.record(v.string(), v.string())),
});

/** The same in each status. */
const always = (name: string, expected: (stage: Stage) => unknown) => (stage: Stage) =>
  throughLife(stage, async (status) => {
    equal(`${name} of the ${status} container`, (await rawState(stage.container))[name], expected(stage));
  });

const annotations = {
  "com.example.empty": "",
  "com.example.text": 'grün "quoted" \\ \n next line',
  plain: "1",
};

const withoutAnnotations = (stage: Stage) =>
  throughLife(stage, async (status) => {
    const state = await rawState(stage.container);
    const what = `annotations of the ${status} container`;
    if ("annotations" in state) equal(what, state.annotations, {});
  });

export default {
  "oci-version": act({
    clauses: ["state.oci-version"],
    run: (stage) =>
      throughLife(stage, async (status) => {
        const { ociVersion } = await rawState(stage.container);
        const isVersion = typeof ociVersion === "string" && semver.test(ociVersion);
        holds(`ociVersion of the ${status} container`, ociVersion, "a version by SemVer", isVersion);
      }),
  }),

  id: act({ clauses: ["state.id"], run: always("id", ({ container }) => container.id) }),

  bundle: act({ clauses: ["state.bundle"], run: always("bundle", ({ place }) => place.bundle) }),
  /** Given as create was called with a relative one. */
  "bundle-relative": act({
    clauses: ["state.bundle"],
    run: async (stage) => {
      const { container, place } = stage;
      // Of an option that is given twice the last one counts.
      await container.create(["--bundle", "bundle"], { cwd: `${place.bundle}/..` });
      equal("bundle", (await rawState(container)).bundle, place.bundle);
    },
  }),

  annotations: act({
    clauses: ["state.annotations"],
    change: { "/annotations": annotations },
    run: always("annotations", () => annotations),
  }),
  "no-annotations": act({ clauses: ["state.no-annotations"], run: withoutAnnotations }),
  "empty-annotations": act({
    clauses: ["state.no-annotations"],
    change: { "/annotations": {} },
    run: withoutAnnotations,
  }),

  schema: act({
    clauses: ["state.schema", "state.query"],
    change: { "/annotations": annotations },
    run: (stage) =>
      throughLife(stage, async (status) => {
        const parsed = v.safeParse(shape, await rawState(stage.container));
        const issues = parsed.success ? "none" : v.summarize(parsed.issues);
        equal(`violations of the schema by the state of the ${status} container`, issues, "none");
      }),
  }),

  /** Only these properties of its own tell two containers apart. */
  "of-two": act({
    clauses: ["state.query", "state.id", "state.bundle"],
    run: async (stage) => {
      const other = stage.another();
      await bringTo("created", stage);
      await bringTo("running", stage, other);
      for (const [container, status] of [
        [stage.container, "created"],
        [other, "running"],
      ] as const) {
        const state = await rawState(container);
        equal(
          `the state of the ${status} container`,
          { id: state.id, status: state.status, bundle: state.bundle, pid: state.pid },
          { id: container.id, status, bundle: container.place.bundle, pid: container.pid },
        );
      }
    },
  }),
} satisfies Cases;
