// SPDX-License-Identifier: Apache-2.0

import { chmodSync, chownSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { act, type Cases } from "../../case.ts";
import { equal, outcomeIs } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { observeOrSkip } from "../../instruments/optional.ts";
import { create, lstat, mounts, read } from "../../questions.ts";

export default {
  contents: act({
    clauses: ["mount-options.tmpcopyup"],
    prepare: ({ rootfs, host }) => {
      mkdirSync(`${rootfs}/m/folder`, { recursive: true });
      writeFileSync(`${rootfs}/m/folder/file`, "copied");
      chmodSync(`${rootfs}/m/folder/file`, 0o640);
      symlinkSync("folder/file", `${rootfs}/m/link`);
      if (host.root) chownSync(`${rootfs}/m/folder/file`, 7, 8);
    },
    change: {
      "/mounts/-": { destination: "/m", type: "tmpfs", source: "tmpfs", options: ["tmpcopyup", "mode=755"] },
    },
    run: async (stage) => {
      const { host, place } = stage;
      const seen = await observeOrSkip(stage, "tmpcopyup", {
        mounts,
        // root may not be allowed to read what belongs to another.
        file: lstat("/m/folder/file"),
        link: lstat("/m/link"),
        created: create("/m/new"),
        ...(host.root ? {} : { text: read("/m/folder/file") }),
      });
      equal("type of the mount", mountAt(seen.mounts, "/m").type, "tmpfs");
      const { type, mode, uid, gid, size } = seen.file ?? {};
      const owner = host.root ? { uid: 7, gid: 8 } : { uid: 0, gid: 0 };
      equal(
        "the copied file",
        { type, mode, uid, gid, size },
        { type: "file", mode: 0o640, ...owner, size: 6 },
      );
      equal("target of the copied link", seen.link?.target, "folder/file");
      outcomeIs("creating a file there", seen.created, "ok");
      equal("whether the new file is in the root filesystem", existsSync(`${place.rootfs}/m/new`), false);
    },
  }),
} satisfies Cases;
