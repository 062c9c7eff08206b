// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { act, type Case, type Cases } from "../../case.ts";
import { contains, equal, holds, Skip } from "../../expect.ts";
import { limit } from "../../instruments/cgroup-files.ts";
import { createOrSkip } from "../../instruments/optional.ts";
import { cgroup } from "../../needs.ts";
import { pause } from "../../questions.ts";
import { mountpoint, removeCgroup } from "../../stage/cgroups.ts";
import type { Container } from "../../stage/container.ts";
import { ending } from "../../stage/runtime.ts";
import type { Stage } from "../../stage/stage.ts";

/** Where a process is in the cgroup2 tree, seen from the suite. */
function cgroupOf(pid: number): string {
  const lines = readFileSync(`/proc/${pid}/cgroup`, "utf8").split("\n");
  return lines.find((line) => line.startsWith("0::"))?.slice("0::".length) ?? "none";
}

/** Also of its other threads and children, which the kernel lists there. */
function expectIn(path: string, { pid }: Container): void {
  equal("cgroup of the container's process", cgroupOf(pid), path);
  const members = readFileSync(`${mountpoint}${path}/cgroup.procs`, "utf8").trim().split("\n");
  contains(`processes in ${path}`, members, String(pid));
}

/** In its cgroup from create on, and not only when the program runs. */
async function expectThroughout(stage: Stage, path: string): Promise<void> {
  const { container } = stage;
  stage.ask({ pause });
  await container.create();
  expectIn(path, container);
  await container.start();
  expectIn(path, container);
}

/** Two containers one after the other, with the same cgroupsPath. */
async function expectSamePlace(stage: Stage, path: string): Promise<void> {
  const found: string[] = [];
  for (const container of [stage.container, stage.another()]) {
    container.change({ "/linux/cgroupsPath": path });
    stage.ask({ pause }, container);
    await createOrSkip(container, `cgroupsPath ${path}`);
    found.push(cgroupOf(container.pid));
    await stage.finish();
  }
  equal("cgroup of the second container", found[1], found[0]);
}

const relativePath = ({ place }: Stage) => basename(place.cgroup);

/** Its parents are the runtime's work as well; what it left of them is not judged here. */
const nested: Case = act({
  clauses: ["cgroups.created", "cgroups.path-absolute"],
  needs: [cgroup],
  change: (place) => ({ "/linux/cgroupsPath": `${place.cgroup}/one/two` }),
  run: async (stage) => {
    await expectThroughout(stage, `${stage.place.cgroup}/one/two`);
    await stage.finish();
    equal(
      "whether the cgroup is there after delete",
      existsSync(`${stage.place.cgroupFolder}/one/two`),
      false,
    );
    removeCgroup(stage.place.cgroupFolder);
  },
});

const nestedUndone: Case = act({
  clauses: ["lifecycle.destroyed"],
  needs: [cgroup],
  change: (place) => ({ "/linux/cgroupsPath": `${place.cgroup}/one/two` }),
  run: async (stage) => {
    await stage.observe({});
    const left = existsSync(stage.place.cgroupFolder);
    removeCgroup(stage.place.cgroupFolder);
    equal("whether the parent cgroup that create made is there after delete", left, false);
  },
});

/** cgroup.max.descendants needs no controller. */
const existing: Case = act({
  clauses: ["cgroups.existing"],
  needs: [cgroup],
  prepare: ({ cgroupFolder }) => {
    mkdirSync(cgroupFolder);
    writeFileSync(`${cgroupFolder}/cgroup.max.descendants`, "7");
  },
  run: async (stage) => {
    const { container, place } = stage;
    await expectThroughout(stage, place.cgroup);
    equal("cgroup.max.descendants of the cgroup", limit(container, "cgroup.max.descendants"), "7");
    await stage.finish();
    removeCgroup(place.cgroupFolder); // lifecycle/delete judges what a runtime makes of it
  },
});

/** A second process in an existing container's cgroup; a runtime may find that unfit. */
const dotted: Case = act({
  clauses: ["cgroups.path-invalid-error", "cgroups.path-invalid"],
  needs: [cgroup],
  change: (place) => ({ "/linux/cgroupsPath": `${place.cgroup}/../${basename(place.cgroup)}-beside` }),
  run: async (stage) => {
    const { container, place } = stage;
    stage.ask({ pause });
    const result = await container.tryCreate();
    if (result.code === 0) expectIn(`${place.cgroup}-beside`, container);
    else {
      const isError = result.signal === null && !result.timedOut && result.err.trim() !== "";
      holds("create", ending(result), "success, or an error with a message", isError);
    }
  },
});

export default {
  absolute: act({
    clauses: ["cgroups.path-absolute", "cgroups.created"],
    needs: [cgroup],
    run: (stage) => expectThroughout(stage, stage.place.cgroup),
  }),
  "absolute-at-the-top": act({
    clauses: ["cgroups.path-absolute"],
    needs: [cgroup],
    change: (place) => ({ "/linux/cgroupsPath": `/${basename(place.cgroup)}` }),
    run: (stage) => expectThroughout(stage, `/${basename(stage.place.cgroup)}`),
  }),
  nested,
  "nested-undone": nestedUndone,
  existing,
  consistent: act({
    clauses: ["cgroups.path-consistent"],
    needs: [cgroup],
    run: (stage) => expectSamePlace(stage, stage.place.cgroup),
  }),
  "relative-consistent": act({
    clauses: ["cgroups.path-consistent"],
    needs: [cgroup],
    run: (stage) => expectSamePlace(stage, relativePath(stage)),
  }),
  relative: act({
    clauses: ["cgroups.path-relative"],
    needs: [cgroup],
    run: async (stage) => {
      const { container } = stage;
      container.change({ "/linux/cgroupsPath": relativePath(stage) });
      stage.ask({ pause });
      await createOrSkip(container, "relative cgroupsPath");
      const found = cgroupOf(container.pid);
      holds(
        "cgroup of the container's process",
        found,
        `a path with ${relativePath(stage)}`,
        found.includes(relativePath(stage)),
      );
    },
  }),
  default: act({
    clauses: ["cgroups.path-default"],
    needs: [cgroup],
    change: { "/linux/cgroupsPath": undefined },
    run: async (stage) => {
      await stage.begin({});
      const found = cgroupOf(stage.container.pid);
      const own = cgroupOf(process.pid);
      if (found === own) throw new Skip("the container stays in the cgroup of the runtime");
      holds(
        "cgroup of the container's process",
        found,
        `a cgroup below /`,
        found.startsWith("/") && found !== "/",
      );
    },
  }),
  dotted,
} satisfies Cases;
