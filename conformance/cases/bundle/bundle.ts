// SPDX-License-Identifier: Apache-2.0

import { copyFileSync, cpSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { act, type Cases, observe } from "../../case.ts";
import { equal } from "../../expect.ts";
import { expectError } from "../../instruments/life.ts";
import { list, lstat } from "../../questions.ts";

export default {
  /** It lies about everywhere but in the root of the bundle, and by its name. */
  "config-elsewhere": act({
    clauses: ["bundle.config-file"],
    run: async ({ container, place }) => {
      const { bundle, rootfs } = place;
      for (const folder of [rootfs, `${bundle}/..`])
        copyFileSync(`${bundle}/config.json`, `${folder}/config.json`);
      renameSync(`${bundle}/config.json`, `${bundle}/Config.json`);
      const result = await container.tryCreate();
      rmSync(`${bundle}/../config.json`);
      expectError("create", result, "the bundle has no config.json");
      expectError("state", await container.try("state"), "the container has not been created");
    },
  }),

  root: observe({
    clauses: ["bundle.root-filesystem", "bundle.config-file"],
    prepare: ({ bundle, rootfs }) => {
      cpSync(rootfs, `${bundle}/another root`, { recursive: true });
      mkdirSync(`${bundle}/another root/here`);
      mkdirSync(`${rootfs}/not-here`);
    },
    change: { "/root/path": "another root" },
    ask: { here: lstat("/here"), notHere: lstat("/not-here"), root: list("/") },
    expect: ({ here, notHere, root }) => {
      const what = `of the two root filesystems (the container sees ${root?.join(", ")})`;
      equal(
        `${what}, the one that root.path names`,
        { here: here?.type, notHere },
        { here: "directory", notHere: null },
      );
    },
  }),

  "any-name": act({
    clauses: ["bundle.any-directory"],
    run: async (stage) => {
      const { container, place } = stage;
      const folder = `${dirname(place.bundle)}/ein grünes, 'moved' bundle`;
      stage.ask({ root: list("/") });
      renameSync(place.bundle, folder);
      await container.create(["--bundle", folder]);
      await container.start();
      await container.ended();
      await stage.answers({ root: list("/") });
      await container.delete();
    },
  }),
} satisfies Cases;
