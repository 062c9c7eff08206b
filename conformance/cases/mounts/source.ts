// SPDX-License-Identifier: Apache-2.0

import { existsSync, writeFileSync } from "node:fs";
import { act, type Cases, observe } from "../../case.ts";
import { equal } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { markedFolder, mountPoint } from "../../instruments/sources.ts";
import { mounts, read, stat } from "../../questions.ts";

const bind = (source: string) => ({ destination: "/m", type: "none", source, options: ["bind"] });

export default {
  dummy: observe({
    clauses: ["mounts.source"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": { destination: "/m", type: "tmpfs", source: "conformance-dummy" } },
    ask: { mounts },
    expect: (seen) => equal("source of the mount", mountAt(seen.mounts, "/m").source, "conformance-dummy"),
  }),
  none: observe({
    clauses: ["mounts.source-optional"],
    prepare: (place) => mountPoint(place),
    change: { "/mounts/-": { destination: "/m", type: "tmpfs", options: ["nosuid"] } },
    ask: { mounts },
    expect: (seen) => equal("type of the mount", mountAt(seen.mounts, "/m").type, "tmpfs"),
  }),
  file: observe({
    clauses: ["mounts.source-file"],
    prepare: ({ rootfs, scratch }) => {
      writeFileSync(`${rootfs}/m`, "of the root filesystem");
      writeFileSync(`${scratch}/file`, "of the source");
    },
    change: ({ scratch }) => ({ "/mounts/-": bind(`${scratch}/file`) }),
    ask: { text: read("/m"), file: stat("/m") },
    expect: (seen) => {
      equal("type of what is mounted", seen.file?.type, "file");
      equal("text of the file", seen.text, "of the source");
    },
  }),
  absolute: observe({
    clauses: ["mounts.source-absolute"],
    // A runtime that takes it for a path of the container or of the bundle finds another folder there.
    prepare: (place) => {
      mountPoint(place);
      markedFolder(`${place.scratch}/source`, "host");
      markedFolder(`${place.rootfs}${place.scratch}/source`, "container");
      markedFolder(`${place.bundle}${place.scratch}/source`, "bundle");
    },
    change: ({ scratch }) => ({ "/mounts/-": bind(`${scratch}/source`) }),
    ask: { mark: read("/m/mark") },
    expect: (seen) => equal("the folder that is mounted", seen.mark, "host"),
  }),
  // The runtime is not called in the bundle's folder.
  relative: observe({
    clauses: ["mounts.source-relative"],
    prepare: (place) => {
      mountPoint(place);
      markedFolder(`${place.bundle}/data/source`, "bundle");
      markedFolder(`${place.rootfs}/data/source`, "container");
    },
    change: { "/mounts/-": bind("data/source") },
    ask: { mark: read("/m/mark") },
    expect: (seen) => equal("the folder that is mounted", seen.mark, "bundle"),
  }),
  missing: act({
    clauses: ["mounts.source-missing"],
    prepare: (place) => mountPoint(place),
    change: ({ scratch }) => ({ "/mounts/-": bind(`${scratch}/missing`) }),
    run: async (stage) => {
      await stage.expectRefusal("create");
      equal("whether the source is there now", existsSync(`${stage.place.scratch}/missing`), false);
    },
  }),
} satisfies Cases;
