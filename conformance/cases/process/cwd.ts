// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type Answers, act, type Cases, observe, refuse } from "../../case.ts";
import { equal, holds } from "../../expect.ts";
import { identity, list } from "../../questions.ts";
import { collectAnswers } from "../../stage/answers.ts";
import type { Container } from "../../stage/container.ts";
import type { Stage } from "../../stage/stage.ts";

const ask = { identity, here: list(".") } as const;

const notAbsolute = (cwd: string | undefined) =>
  refuse({ clauses: ["process.cwd-absolute"], at: "either", change: { "/process/cwd": cwd } });

/** undefined where the runtime refuses to start there. */
async function startedIn(stage: Stage, container: Container): Promise<Answers<typeof ask> | undefined> {
  stage.ask(ask, container);
  if ((await container.tryCreate()).code !== 0) return undefined;
  if ((await container.try("start")).code !== 0) return undefined;
  await container.ended();
  return collectAnswers(ask, container.lines, container.end);
}

export default {
  folder: observe({
    clauses: ["process.cwd"],
    change: { "/process/cwd": "/tmp" },
    ask,
    expect: (seen) => equal("the working directory", seen.identity.directory, "/tmp"),
  }),
  // What is below the mount has the same name: only a runtime that looks too early lands there.
  "in-mount": observe({
    clauses: ["process.cwd"],
    prepare: ({ rootfs, scratch }) => {
      mkdirSync(`${rootfs}/work/place`, { recursive: true });
      mkdirSync(`${scratch}/work/place`, { recursive: true });
      writeFileSync(`${scratch}/work/place/mark`, "");
    },
    change: ({ scratch }) => ({
      "/process/cwd": "/work/place",
      "/mounts/-": { destination: "/work", type: "none", source: `${scratch}/work`, options: ["bind"] },
    }),
    ask,
    expect: (seen) => {
      equal("the working directory", seen.identity.directory, "/work/place");
      equal("what is in it", seen.here, ["mark"]);
    },
  }),
  "through-symlink": observe({
    clauses: ["process.cwd"],
    prepare: ({ rootfs }) => {
      mkdirSync(`${rootfs}/inside`);
      writeFileSync(`${rootfs}/inside/mark`, "");
      symlinkSync("/../inside", `${rootfs}/link`);
    },
    change: { "/process/cwd": "/link" },
    ask,
    expect: (seen) => {
      equal("the working directory", seen.identity.directory, "/inside");
      equal("what is in it", seen.here, ["mark"]);
    },
  }),
  // Whether a runtime makes the folder is its own affair; that the process runs elsewhere is not.
  "not-there": act({
    clauses: ["process.cwd"],
    change: { "/process/cwd": "/not-there/deeper" },
    run: async (stage) => {
      const seen = await startedIn(stage, stage.container);
      if (seen) equal("the working directory", seen.identity.directory, "/not-there/deeper");
    },
  }),
  // Descriptors that a runtime has open while it changes there must not lead out of the container (CVE-2024-21626).
  "descriptors-of-runtime": act({
    clauses: ["process.cwd"],
    run: async (stage) => {
      for (let descriptor = 3; descriptor <= 10; descriptor++) {
        const cwd = `/proc/self/fd/${descriptor}`;
        const container = stage.another({ "/process/cwd": cwd });
        const seen = await startedIn(stage, container);
        // getcwd fails outside of the root.
        if (seen)
          holds(
            `the working directory for ${cwd}`,
            seen.identity.directory,
            "one in the container",
            seen.identity.directory !== null,
          );
      }
    },
  }),
  missing: notAbsolute(undefined),
  empty: notAbsolute(""),
  relative: notAbsolute("tmp"),
} satisfies Cases;
