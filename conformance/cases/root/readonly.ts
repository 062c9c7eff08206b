// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from "node:fs";
import { type Cases, observe } from "../../case.ts";
import { contains, equal, outcomeIs } from "../../expect.ts";
import { mountAt } from "../../instruments/mounts.ts";
import { markedFolder, mountPoint } from "../../instruments/sources.ts";
import { chmod, create, makeDirectory, mounts, remove, write } from "../../questions.ts";
import { baseMounts } from "../../stage/base.ts";
import type { Place } from "../../stage/place.ts";

const prepare = ({ rootfs }: Place) => writeFileSync(`${rootfs}/etc/file`, "");
const attempts = {
  created: create("/etc/new"),
  made: makeDirectory("/new"),
  written: write("/etc/file", "x"),
  changed: chmod("/etc/file", 0o600),
  removed: remove("/etc/file"),
} as const;

export default {
  set: observe({
    clauses: ["root.readonly"],
    prepare,
    change: { "/root/readonly": true },
    ask: { mounts, ...attempts },
    expect: ({ mounts: lines, ...seen }) => {
      for (const [attempt, outcome] of Object.entries(seen)) outcomeIs(attempt, outcome, "EROFS");
      contains("options of the mount of /", mountAt(lines, "/").options, "ro");
    },
  }),
  "mounts-apart": observe({
    clauses: ["root.readonly-mounts"],
    prepare: (place) => {
      mountPoint(place, "/new");
      mountPoint(place, "/bound");
      markedFolder(`${place.scratch}/source`, "x");
    },
    change: ({ scratch }) => ({
      "/root/readonly": true,
      "/mounts": [
        ...baseMounts,
        { destination: "/new", type: "tmpfs", source: "tmpfs" },
        { destination: "/bound", type: "none", source: `${scratch}/source`, options: ["bind"] },
      ],
    }),
    ask: { fresh: create("/new/file"), bound: create("/bound/file") },
    expect: (seen) => {
      outcomeIs("creating a file in a new file system", seen.fresh, "ok");
      outcomeIs("creating a file in a bind mount", seen.bound, "ok");
    },
  }),
  unset: observe({
    clauses: ["root.readonly-default"],
    prepare,
    change: { "/root/readonly": undefined },
    ask: attempts,
    expect: (seen) => {
      for (const [attempt, outcome] of Object.entries(seen)) outcomeIs(attempt, outcome, "ok");
    },
  }),
  false: observe({
    clauses: ["root.readonly-default"],
    prepare,
    change: { "/root/readonly": false },
    ask: attempts,
    expect: (seen) => equal("creating a file", seen.created, { ok: true }),
  }),
} satisfies Cases;
