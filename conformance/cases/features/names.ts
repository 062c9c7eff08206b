// SPDX-License-Identifier: Apache-2.0

import { mkdirSync } from "node:fs";
import { act, type Cases, type Change } from "../../case.ts";
import { contains, equal, holds } from "../../expect.ts";
import { hook, type Kind, kinds, withHooks, writers } from "../../instruments/hooks.ts";
import {
  type NamespaceType,
  namespaceFiles,
  ownNamespace,
  withMappings,
  withNamespaces,
} from "../../instruments/namespaces.ts";
import { namesIn } from "../../instruments/structure.ts";
import { capabilities, namespaces } from "../../questions.ts";
import { ending } from "../../stage/runtime.ts";
import type { Stage } from "../../stage/stage.ts";

const isKind = (name: string): name is Kind => kinds.some((kind) => kind === name);
const isType = (name: string): name is NamespaceType => Object.hasOwn(namespaceFiles, name);

async function expectNew(stage: Stage, types: readonly NamespaceType[], change: Change): Promise<void> {
  const container = stage.another({ ...withNamespaces(...types.map((type) => ({ type }))), ...change });
  const seen = await stage.observe({ namespaces }, container);
  const shared = types.filter((type) => seen.namespaces[namespaceFiles[type]] === ownNamespace(type));
  equal("namespaces that the container shares with the runtime although it was to get new ones", shared, []);
}

const optionsFolder = "/options";
/** They make no mount of their own; for ID mappings there is a case in switches.ts. */
const notAlone = ["remount", "idmap", "ridmap"];
/** For links on the way of a bind mount, by crun. */
const forBinds = ["bind", "rbind", "copy-symlink", "dest-nofollow", "src-nofollow"];

function mountsWith(options: readonly string[], source: string): readonly unknown[] {
  return options.flatMap((option, at) => {
    const destination = `${optionsFolder}/${at}`;
    const plain = { destination, type: "tmpfs", source: "tmpfs" };
    if (option === "remount") return [plain, { ...plain, options: ["remount", "nosuid"] }];
    if (notAlone.includes(option)) return [];
    if (forBinds.includes(option)) return [{ destination, type: "none", source, options: ["bind", option] }];
    return [{ ...plain, options: [option] }];
  });
}

/** As many containers as it takes to find the ones that are refused. */
async function refusedOf(stage: Stage, options: readonly string[]): Promise<readonly string[]> {
  const container = stage.another(
    ({ scratch }) => ({
      "/mounts": [...(stage.container.config.mounts as unknown[]), ...mountsWith(options, scratch)],
    }),
    ({ rootfs }) => {
      for (const at of options.keys()) mkdirSync(`${rootfs}${optionsFolder}/${at}`, { recursive: true });
    },
  );
  const result = await container.tryCreate();
  if (result.code === 0) {
    await container.kill(9);
    await container.ended();
    return [];
  }
  if (options.length <= 1) return [`${options[0]}: ${ending(result)}`];
  const half = Math.ceil(options.length / 2);
  return [
    ...(await refusedOf(stage, options.slice(0, half))),
    ...(await refusedOf(stage, options.slice(half))),
  ];
}

/** Of tmpfs, devpts, proc, overlay, ext4, xfs, nfs and the like. */
const dataOptions =
  "data data_err discard gid hidepid huge inode32 inode64 index lowerdir metacopy mode mpol newinstance nobarrier nr_blocks nr_inodes pids ptmxmode quota redirect_dir size subset uid upperdir userxattr volatile workdir xino";

export default {
  hooks: act({
    clauses: ["features.hooks"],
    run: async (stage) => {
      const { container, place } = stage;
      const names = await namesIn(stage, "/hooks");
      const known = names.filter(isKind);
      equal(
        "hooks that the spec does not know",
        names.filter((name) => !isKind(name)),
        [],
      );
      container.change(
        withHooks(place, Object.fromEntries(known.map((kind) => [kind, [hook(place, kind)]]))),
      );
      await stage.observe({});
      const uncalled = known.filter((kind) => !writers(container).includes(kind));
      equal("hooks that the features list and that were not called", uncalled, []);
    },
  }),

  "mount-options": act({
    clauses: ["features.mount-options"],
    run: async (stage) => {
      const refused = await refusedOf(stage, await namesIn(stage, "/mountOptions"));
      equal("options that the features list and that are refused", refused, []);
    },
  }),
  "mount-options-data": act({
    clauses: ["features.mount-options-data"],
    run: async (stage) => {
      const known = dataOptions.split(" ");
      const listed = await namesIn(stage, "/mountOptions");
      const data = listed.filter((option) => option.includes("=") || known.includes(option));
      equal("options of single file systems in the list", data, []);
    },
  }),

  namespaces: act({
    clauses: ["features.namespaces"],
    run: async (stage) => {
      const names = await namesIn(stage, "/linux/namespaces");
      equal(
        "types that the spec does not know",
        names.filter((name) => !isType(name)),
        [],
      );
      const here = names
        .filter(isType)
        .filter((type) => stage.host.namespaces.includes(namespaceFiles[type]));
      await expectNew(
        stage,
        here.filter((type) => type !== "user"),
        {},
      );
      if (here.includes("user") && stage.host.root) await expectNew(stage, ["user"], withMappings);
    },
  }),

  capabilities: act({
    clauses: ["features.capabilities"],
    run: async (stage) => {
      const listed = await namesIn(stage, "/linux/capabilities");
      const ours = stage.helper(stage.place.probe, capabilities.ask);
      await stage.container.until("the probe on the host", () => ours.output().includes("\n"));
      // What we lack ourselves nobody can have: that is only a warning.
      const possible = listed.filter((name) => ours.output().split('"bounding"')[1]?.includes(`"${name}"`));
      stage.container.change({
        "/process/capabilities": { bounding: listed, permitted: possible, effective: possible },
      });
      const seen = await stage.observe({ capabilities });
      for (const name of possible) contains("bounding set", seen.capabilities.bounding, name);
      holds(
        "capabilities that the features list",
        listed,
        "at least one that can be had",
        possible.length > 0,
      );
    },
  }),
} satisfies Cases;
