// SPDX-License-Identifier: Apache-2.0

import { chownSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { act, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { withUserNamespace } from "../../instruments/namespaces.ts";
import { mountTmpfs } from "../../instruments/sources.ts";
import { root } from "../../needs.ts";
import { lstat } from "../../questions.ts";
import type { Place } from "../../stage/place.ts";

const mountFolder = ({ scratch }: Place) => `${scratch}/bound`;

/** Files of nobody that is mapped, and of some that are. */
function populate(folder: string): void {
  mkdirSync(`${folder}/folder`);
  for (const id of [0, 1000, 100_000, 100_007]) {
    const path = `${folder}/folder/${id}`;
    writeFileSync(path, "");
    chownSync(path, id, id);
  }
  symlinkSync("nowhere", `${folder}/folder/link`);
  chownSync(`${folder}/folder`, 100_007, 100_007);
}

/** "uid:gid" of a folder and everything below, by path. */
function owners(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(
    ["", ...names].map((name) => {
      const { uid, gid } = lstatSync(`${folder}/${name}`);
      return [name, `${uid}:${gid}`];
    }),
  );
}

export default {
  spared: act({
    clauses: ["user-namespaces.spares-ownership"],
    needs: [root],
    prepare: (place) => {
      populate(place.rootfs);
      populate(mountTmpfs(mountFolder(place)));
      mkdirSync(`${place.rootfs}/bound`);
    },
    change: (place) => ({
      ...withUserNamespace,
      "/mounts/-": { destination: "/bound", source: mountFolder(place), options: ["bind"] },
    }),
    run: async (stage) => {
      const { place } = stage;
      const before = { rootfs: owners(place.rootfs), bound: owners(mountFolder(place)) };
      const inside = await stage.begin({
        unmapped: lstat("/folder/1000"),
        mapped: lstat("/folder/100007"),
        bound: lstat("/bound/folder/100007"),
      });
      equal("owners in the root file system, while the container runs", owners(place.rootfs), before.rootfs);
      equal(
        "owners in the bind mount's source, while the container runs",
        owners(mountFolder(place)),
        before.bound,
      );
      equal("owner of a file of a user of the host, in the container", inside.unmapped?.uid, 65_534);
      equal("owner of a mapped user's file, in the container", inside.mapped?.uid, 7);
      equal("owner of a mapped user's file in the bind mount", inside.bound?.uid, 7);
      await stage.finish();
      equal("owners in the root file system afterwards", owners(place.rootfs), before.rootfs);
      equal("owners in the bind mount's source afterwards", owners(mountFolder(place)), before.bound);
    },
  }),
} satisfies Cases;
